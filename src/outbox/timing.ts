/** Time and chance as the drain uses them, given from outside so that an hour of retries is a moment in a test. */
export interface Timing {
  /** Epoch milliseconds. */
  now(): number;
  /** Returns after the time, or at once when the signal is aborted; never throws. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Evenly in 0 ≤ x < 1. */
  random(): number;
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      // A timer beyond 2^31 ms would fire at once; waking early only means to look again.
      const timer = setTimeout(end, Math.min(ms, 0x7fff_ffff));
      signal?.addEventListener('abort', end, { once: true });
    }),
};
