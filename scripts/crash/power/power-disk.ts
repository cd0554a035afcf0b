/**
 * The disk of a station whose power can be cut: its processes run with `record-writes.c` in front of the C library, and a
 * cut puts in place of the directory what a disk may hold then. Compiled when it is needed, with the machine's `cc`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../../fuzz/random.ts';
import { DiskModel } from './disk-model.ts';

const source = path.join(import.meta.dirname, 'record-writes.c');

/** @returns the library to preload, or why there is none */
export function writesRecorder(folder: string): { readonly library: string } | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: 'a power cut is only simulated on Linux' };
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const library = path.join(folder, `record-writes-${digest}.so`);
  if (existsSync(library)) return { library };
  mkdirSync(folder, { recursive: true });
  const fresh = `${library}.${process.pid}`;
  const compiled = spawnSync('cc', ['-O2', '-shared', '-fPIC', '-o', fresh, source, '-ldl'], {
    encoding: 'utf8',
  });
  if (compiled.error) return { missing: 'needs a C compiler: sudo apt-get install -y gcc libc6-dev' };
  if (compiled.status !== 0) return { missing: `record-writes.c does not compile here: ${compiled.stderr}` };
  renameSync(fresh, library);
  return { library };
}

export class PowerDisk {
  readonly #root: string;
  readonly #log: string;
  readonly #library: string;
  #model: DiskModel;

  /** @param root a directory without symbolic links in its path */
  constructor(root: string, of: { readonly log: string; readonly library: string }) {
    this.#root = root;
    this.#log = of.log;
    this.#library = of.library;
    this.#model = new DiskModel(root);
  }

  /** For processes that write to this disk. */
  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.#library, CRASH_POWER_ROOT: this.#root, CRASH_POWER_LOG: this.#log };
  }

  /** Takes the directory as it is, after a change that no recorded process made. */
  accept(): void {
    this.#model = new DiskModel(this.#root);
  }

  /**
   * Call when no process runs any more.
   * @returns files that are not as recorded; a process that was killed from outside may leave one
   */
  cut(random: Random): readonly string[] {
    if (existsSync(this.#log)) this.#model.follow(readFileSync(this.#log));
    const differences = this.#model.differences();
    this.#model.cut(random);
    rmSync(this.#log, { force: true });
    this.accept();
    return differences;
  }
}
