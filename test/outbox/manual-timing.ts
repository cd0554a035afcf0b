/** Time that passes only by sleeping: every wait is over at once, and is written down. Chance is its upper end. */
import type { Timing } from '../../src/outbox/timing.ts';

export class ManualTiming implements Timing {
  readonly waits: number[] = [];
  #now: number;

  /** @param start epoch milliseconds */
  constructor(start = 1_700_000_000_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Just below 1: a wait is the whole step, after rounding. */
  random(): number {
    return 0.999_999_9;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    if (!Number.isFinite(ms)) return untilAborted(signal);
    this.waits.push(ms);
    this.#now += ms;
    // Lets what was started meanwhile go on, as real time would.
    await new Promise(resolve => setImmediate(resolve));
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => signal?.addEventListener('abort', () => resolve(), { once: true }));
}
