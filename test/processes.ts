/** Waits for processes that a test expects to end. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when none of them runs any more; where one does, the test fails by its own timeout. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while ((await Promise.all(pids.map(runs))).includes(true)) await pause(5);
}

/** A zombie that nobody has waited for does not run. */
async function runs(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' && !/\) Z /.test(status);
}
