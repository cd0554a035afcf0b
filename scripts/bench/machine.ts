/** What the figures were taken on: absolute ones mean nothing without it. */
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { cpus, freemem, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { version } from '../../src/station/version.ts';
import { spreadOf } from './statistics.ts';

/** Labels and values, in the order in which they are printed. */
export type Machine = Readonly<Record<string, string>>;

export function describeMachine(): Machine {
  const [cpu] = cpus();
  return {
    Keyline: version,
    Node: process.version,
    SQLite: sqliteVersion(),
    swtpm: swtpmVersion(),
    system: `${type()} ${release()}`,
    processor: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`,
    memory: `${gibibytes(freemem())} of ${gibibytes(totalmem())} GiB free`,
    load: loadavg()
      .map(load => load.toFixed(1))
      .join(' '),
    disk: describeDisk(),
  };
}

function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get()!.version;
  } finally {
    db.close();
  }
}

function swtpmVersion(): string {
  try {
    const said = execFileSync('swtpm', ['--version'], { encoding: 'utf8' });
    return said.match(/\d+\.\d+\.\d+/)?.[0] ?? 'unknown';
  } catch {
    return 'not installed';
  }
}

/** TMPFS_MAGIC of statfs(2). */
const TMPFS = 0x01021994;
const SYNCS = 100;

/** How long this disk takes to make 4 KiB durable: where it takes no time, durability costs nothing and shows nothing. */
function describeDisk(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-bench-'));
  const file = openSync(path.join(folder, 'sync'), 'w');
  try {
    const block = Buffer.alloc(4096, 1);
    const milliseconds = Array.from({ length: SYNCS }, () => {
      const begun = performance.now();
      writeSync(file, block);
      fdatasyncSync(file);
      return performance.now() - begun;
    });
    const volatile = statfsSync(folder).type === TMPFS ? ' (tmpfs: nothing is durable here)' : '';
    return `4 KiB + fdatasync ${spreadOf(milliseconds).median.toFixed(3)} ms in ${tmpdir()}${volatile}`;
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
