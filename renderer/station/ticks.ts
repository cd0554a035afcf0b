/**
 * One timer for all who look at the time as often: what they show then changes in one frame, where a timer of each would have
 * the page draw a frame for each of them.
 */

interface Ticks {
  readonly timer: ReturnType<typeof setInterval>;
  readonly listeners: Set<(now: number) => void>;
}

const running = new Map<number, Ticks>();

/** Calls `listener` with epoch milliseconds, the first time within `interval` milliseconds. Gives the way out. */
export function everyTick(interval: number, listener: (now: number) => void): () => void {
  const ticks = running.get(interval) ?? begin(interval);
  ticks.listeners.add(listener);
  return () => {
    ticks.listeners.delete(listener);
    if (ticks.listeners.size > 0 || running.get(interval) !== ticks) return;
    clearInterval(ticks.timer);
    running.delete(interval);
  };
}

function begin(interval: number): Ticks {
  const listeners = new Set<(now: number) => void>();
  const tell = () => {
    const now = Date.now();
    for (const listener of listeners) listener(now);
  };
  const ticks = { timer: setInterval(tell, interval), listeners };
  running.set(interval, ticks);
  return ticks;
}
