/** A point after every call of node:fs that changes a file or a name, or makes it durable. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { pass } from './points.ts';

const calls = [
  'mkdirSync',
  'openSync',
  'writeSync',
  'writeFileSync',
  'fsyncSync',
  'fdatasyncSync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'rmSync',
] as const;

const promised = ['mkdir', 'open', 'writeFile', 'link', 'rename', 'unlink', 'rm'] as const;
const ofHandle = ['write', 'writeFile', 'sync', 'datasync'] as const;

type Calls = Record<string, (...given: unknown[]) => unknown>;

export async function watchFiles(): Promise<void> {
  const handle = await fs.promises.open(import.meta.filename);
  const handles = Object.getPrototypeOf(handle) as Calls;
  await handle.close();
  const all = fs as unknown as Calls;
  for (const name of calls) {
    const original = all[name]!;
    all[name] = (...given) => {
      const result = original(...given);
      if (!onlyReads(name, given)) pass(name);
      return result;
    };
  }
  for (const name of promised) watchPromised(fs.promises as unknown as Calls, name);
  for (const name of ofHandle) watchPromised(handles, name);
  syncBuiltinESMExports();
}

function watchPromised(owner: Calls, name: string): void {
  const original = owner[name]!;
  owner[name] = async function (this: unknown, ...given) {
    const result = await original.apply(this, given);
    if (!onlyReads(name, given)) pass(name);
    return result;
  };
}

function onlyReads(name: string, [first, second]: readonly unknown[]): boolean {
  if (name === 'openSync' || name === 'open') return second === undefined || second === 'r';
  return name === 'writeSync' && typeof first === 'number' && first <= 2;
}
