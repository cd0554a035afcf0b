/**
 * The router of a station that is not open (rule S4): why it stopped, opening it again, and going on from a backup. Nothing else of
 * the API is there then.
 */
import { os } from '@orpc/server';
import { z } from 'zod';
import type { StopDesk, StopView } from '../station/stop-view.ts';
import { restoreAct } from './backup-inputs.ts';
import { inputBounds, type StopEvent } from './contract.ts';

export interface StopContext {
  readonly stop: StopDesk;
}

const api = os.$context<StopContext>();
const nothing = z.undefined();

export const stopRouter = {
  live: api.input(nothing).handler(({ context, signal }) => stopLive(context.stop, signal)),
  // Whoever was signed in no longer is.
  resume: api
    .input(z.strictObject({ secret: z.string().min(1).max(inputBounds.id) }))
    .handler(() => ({ ok: false as const })),
  openAgain: api.input(nothing).handler(({ context }) => context.stop.openAgain()),
  restoreStopped: api.input(restoreAct).handler(({ context, input }) => context.stop.restore(input)),
  endStopped: api.input(nothing).handler(({ context }) => context.stop.end()),
};

/** Each view as it becomes one; of several at once, the last. */
export async function* stopLive(
  stop: Pick<StopDesk, 'view' | 'subscribe'>,
  signal?: AbortSignal,
): AsyncGenerator<readonly StopEvent[], void, void> {
  let next: StopView | undefined = stop.view();
  let wake = () => {};
  const unsubscribe = stop.subscribe(view => {
    next = view;
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (!signal?.aborted) {
      if (next) {
        const view = next;
        next = undefined;
        yield [{ kind: 'stopped', stop: view }];
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
