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

export function watchFiles(): void {
  const all = fs as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const name of calls) {
    const original = all[name]!;
    all[name] = (...given) => {
      const result = original(...given);
      if (!onlyReads(name, given)) pass(name);
      return result;
    };
  }
  syncBuiltinESMExports();
}

function onlyReads(name: string, [first, second]: readonly unknown[]): boolean {
  if (name === 'openSync') return second === undefined || second === 'r';
  return name === 'writeSync' && typeof first === 'number' && first <= 2;
}
