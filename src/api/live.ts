/**
 * The stream that keeps a screen true: the whole picture, then each change in order, several at a time where they come fast.
 * What somebody waits for goes at once, what is only looked at within a moment. What a client has not yet taken is held for
 * it up to a bound; beyond that it is dropped and the client gets the picture as it then is.
 */
import type { KioskWindow } from '../station/kiosk/kiosk-station.ts';
import type { LiveEvent } from '../station/views.ts';
import { WaitingChanges } from './waiting-changes.ts';

export interface LiveBounds {
  /** Events held for one client. */
  readonly capacity: number;
  /** Milliseconds that counts and steps wait for others to go with them: 16 fixtures at work make hundreds a second. */
  readonly gatherMs: number;
}

export const liveBounds: LiveBounds = { capacity: 256, gatherMs: 50 };

/**
 * Ends when the signal aborts or the consumer returns; in both cases the subscription is gone before it ends.
 * Throws what `station.view()` throws.
 */
export async function* live(
  station: Pick<KioskWindow, 'view' | 'subscribe'>,
  signal?: AbortSignal,
  { capacity, gatherMs }: LiveBounds = liveBounds,
): AsyncGenerator<readonly LiveEvent[], void, void> {
  let waiting = new WaitingChanges();
  let behind = true;
  let due = false;
  let timer: NodeJS.Timeout | undefined;
  let wake = () => {};
  const tell = () => {
    due = true;
    wake();
  };
  const unsubscribe = station.subscribe(event => {
    if (behind) return;
    const isAwaited = waiting.add(event);
    if (waiting.size > capacity) {
      waiting = new WaitingChanges();
      behind = true;
    }
    if (isAwaited || behind) tell();
    else timer ??= setTimeout(tell, gatherMs);
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (!signal?.aborted) {
      if (due || behind) {
        const isWhole = behind;
        clearTimeout(timer);
        timer = undefined;
        due = false;
        behind = false;
        yield isWhole ? [{ kind: 'snapshot', view: station.view() }] : waiting.take();
        continue;
      }
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
