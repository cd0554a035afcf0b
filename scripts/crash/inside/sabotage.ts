/**
 * Promises taken out of the product while it is loaded, to prove that the harness sees that they are missing. Each replaces
 * a piece of a source file; one that is not found there any more stops the process, so that no sabotage quietly does nothing.
 */
import { registerHooks } from 'node:module';
import { toldPrefix } from './points.ts';

interface Sabotage {
  readonly says: string;
  readonly file: string;
  readonly piece: string;
  readonly by: string;
}

const askFirst = 'await askAbout(desk.readable(taken), desk);';

export const sabotages: Readonly<Record<string, Sabotage>> = {
  'no-resolve': {
    says: 'what is in `sending` is never asked about',
    file: '/src/outbox/round.ts',
    piece: 'await resolveUnresolved(desk, signal);',
    by: '',
  },
  'requeue-blindly': {
    says: 'what is in `sending` is sent again without asking',
    file: '/src/outbox/round.ts',
    piece: askFirst,
    by: "desk.settle(desk.readable(taken).map(entry => desk.requeued(entry, 'sent again')));",
  },
  'assume-done': {
    says: 'what is in `sending` is taken for enrolled without asking',
    file: '/src/outbox/round.ts',
    piece: askFirst,
    by: "desk.settle(desk.readable(taken).map(({ entryId }) => ({ kind: 'enrolled', entryId, how: 'recognised' })));",
  },
  'synchronous-normal': {
    says: 'a commit returns before it is on disk (needs --power-cut to show)',
    file: '/db/pragmas.ts',
    piece: "['synchronous', 'FULL', 2]",
    by: "['synchronous', 'NORMAL', 1]",
  },
  'synchronous-off': {
    says: 'nothing is ever synced by SQLite (needs --power-cut to show)',
    file: '/db/pragmas.ts',
    piece: "['synchronous', 'FULL', 2]",
    by: "['synchronous', 'OFF', 0]",
  },
};

export function breakPromise(name: string): void {
  const sabotage = sabotages[name];
  if (sabotage === undefined) throw new Error(`no sabotage is called ${name}`);
  const { file, piece, by } = sabotage;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(file)) return loaded;
      const source = String(loaded.source);
      if (source.split(piece).length !== 2) {
        process.stderr.write(`${toldPrefix}0 the sabotage ${name} does not fit ${file} any more\n`);
        process.exit(70);
      }
      return { ...loaded, source: source.replace(piece, by) };
    },
  });
}
