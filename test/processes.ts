/** Processes that a test expects to end. */
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 10_000;

/** Resolves when none of them runs any more. One that still does is killed, and this throws. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const running = await runningOf(pids);
    if (running.length === 0) return;
    if (performance.now() > deadline) {
      for (const pid of running) process.kill(pid, 'SIGKILL');
      throw new Error(`still running after ${DEADLINE_MS} ms: ${running.join(', ')}`);
    }
    await pause(5);
  }
}

async function runningOf(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(pids.map(isRunning));
  return pids.filter((_, index) => states[index]);
}

/** A zombie that nobody has waited for does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' && !/\) Z /.test(status);
}
