/** Several things on their way at once; after a failure nothing more is begun, and what runs is awaited first. */
import type { Pace } from './pace.ts';

/** Runs `work` over the items, `width` at a time. */
export async function inParallel<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  await dispatch(items, work, { width: () => width });
}

/**
 * Runs `work` over the items as the pace allows: an item is fetched only when its bulk request can be paid for and has a
 * place, or not at all once the signal is given.
 */
export async function atPace<T>(
  pace: Pace,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
  { operations, signal }: { readonly operations: number; readonly signal: AbortSignal },
): Promise<void> {
  await dispatch(items, work, {
    width: () => pace.width.current,
    onFull: () => pace.width.full(),
    admit: () => pace.budget.ready(operations, signal),
  });
}

interface Gate {
  readonly width: () => number;
  /** As many are on their way as may be. */
  readonly onFull?: () => void;
  readonly admit?: () => Promise<void>;
}

async function dispatch<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
  { width, onFull, admit }: Gate,
): Promise<void> {
  const source = items[Symbol.iterator]();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (item: T) => {
    const task = work(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(task));
    running.add(task);
  };
  try {
    while (failures.length === 0) {
      if (running.size >= width()) {
        onFull?.();
        await Promise.race(running);
        continue;
      }
      await admit?.();
      if (failures.length > 0) break;
      const next = source.next();
      if (next.done) break;
      begin(next.value);
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}
