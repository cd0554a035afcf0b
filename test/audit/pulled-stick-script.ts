/** Runs on a small disk: a file that is too large for it, then one while the disk is taken away. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../src/audit/write-atomically.ts';

const disk = process.argv[2]!;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    error => error.code as string,
  );

const tooMuch = Array.from({ length: 10 }, () => Buffer.alloc(100_000, 1));
const full = await codeOf(writeAtomically(join(disk, 'full'), tooMuch));
const left = readdirSync(disk);

const stick = join(disk, 'stick');
mkdirSync(stick);
const mount = (...words: string[]) => {
  const { status, stderr } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
};
mount('mount', '-t', 'tmpfs', '-o', 'size=600k', 'none', stick);
const pulling = function* () {
  yield Buffer.alloc(100_000, 1);
  mount('umount', '-l', stick);
  yield Buffer.alloc(100_000, 2);
};
const pulled = await codeOf(writeAtomically(join(stick, 'file'), pulling()));
process.stdout.write(JSON.stringify({ full, pulled, left: [...left, ...readdirSync(stick)] }));
