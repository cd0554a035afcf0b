/**
 * A disk that is soon full: a script runs in a mount namespace of its own with a small tmpfs, which goes when it ends.
 * Root may do that anywhere, others where the kernel lets them have user namespaces.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const namespaces = process.getuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m'];

/** For a test's `skip` option: false where a small disk can be had, else the reason. */
export function noSmallDisk(): string | false {
  const trial = spawnSync('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'none', tmpdir()]);
  return trial.status === 0 ? false : 'needs root or user namespaces, and unshare and mount of util-linux';
}

/** Runs a script with the small disk's directory as its argument. @returns what it printed, as JSON */
export function onSmallDisk(script: string, kilobytes: number): unknown {
  const directory = mkdtempSync(join(tmpdir(), 'keyline-small-disk-'));
  try {
    const mounted = `mount -t tmpfs -o size=${kilobytes}k none "$1" && exec "$2" "$3" "$1"`;
    const run = spawnSync(
      'unshare',
      [...namespaces, 'sh', '-c', mounted, 'sh', directory, process.execPath, script],
      { encoding: 'utf8', timeout: 60_000 },
    );
    if (run.status !== 0) throw new Error(`${script} ended with ${run.status ?? run.signal}: ${run.stderr}`);
    return JSON.parse(run.stdout);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
