/**
 * The stream that keeps a screen true: the whole picture, then each change in order. What a client has not yet taken
 * is held for it up to a bound; beyond that it is dropped and the client gets the picture as it then is.
 */
import type { KioskWindow } from '../station/kiosk/kiosk-station.ts';
import type { LiveEvent } from '../station/views.ts';

/** Events held for one client: some seconds of 32 fixtures at work. */
export const liveCapacity = 256;

/**
 * Ends when the signal aborts or the consumer returns; in both cases the subscription is gone before it ends.
 * Throws what `station.view()` throws.
 */
export async function* live(
  station: Pick<KioskWindow, 'view' | 'subscribe'>,
  signal?: AbortSignal,
  capacity: number = liveCapacity,
): AsyncGenerator<LiveEvent, void, void> {
  const waiting: LiveEvent[] = [];
  let behind = true;
  let wake = () => {};
  const unsubscribe = station.subscribe(event => {
    if (behind) return;
    if (waiting.length < capacity) waiting.push(event);
    else {
      waiting.length = 0;
      behind = true;
    }
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (!signal?.aborted) {
      if (behind) {
        behind = false;
        yield { kind: 'snapshot', view: station.view() };
        continue;
      }
      const next = waiting.shift();
      if (next) {
        yield next;
        continue;
      }
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
