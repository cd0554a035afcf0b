/**
 * The one router. Every input is untrusted and bounded here; what passes goes to the station, which decides.
 * Only this file, serve.ts and client.ts know oRPC.
 */
import { os } from '@orpc/server';
import { z } from 'zod';
import { decisions } from '../station/conflict-desk/decisions.ts';
import type { KioskStation } from '../station/kiosk-station.ts';
import { queueStates } from '../station/queue-desk.ts';
import { inputBounds } from './contract.ts';
import { live } from './live.ts';

export interface ApiContext {
  readonly station: KioskStation;
  /** Takes faults of the station for its log. They hold stack traces and stay on this side. */
  readonly onFault: (fault: unknown) => void;
}

const fixture = z.string().min(1).max(inputBounds.fixture);
const entry = z.string().min(1).max(inputBounds.id);
const nothing = z.undefined();
const api = os.$context<ApiContext>();

/** A stream outlives the call that opened it, so that its faults are reported here. */
async function* reporting<T>(stream: AsyncIterable<T>, onFault: (fault: unknown) => void) {
  try {
    yield* stream;
  } catch (fault) {
    onFault(fault);
    throw fault;
  }
}

export const router = {
  view: api.input(nothing).handler(({ context }) => context.station.view()),
  live: api
    .input(nothing)
    .handler(({ context, signal }) => reporting(live(context.station, signal), context.onFault)),
  scan: api
    .input(z.strictObject({ text: z.string().max(inputBounds.text), fixture: fixture.exactOptional() }))
    .handler(({ context, input }) => context.station.scan(input)),
  start: api
    .input(z.strictObject({ fixture: fixture.exactOptional() }))
    .handler(({ context, input }) => context.station.start(input)),
  stop: api.input(z.strictObject({ fixture })).handler(({ context, input }) => context.station.stop(input)),
  listQueue: api
    .input(
      z.strictObject({
        state: z.enum(queueStates),
        limit: z.int().min(1).max(inputBounds.page),
        after: entry.exactOptional(),
      }),
    )
    .handler(({ context, input }) => context.station.queue.list(input)),
  compareEntry: api
    .input(z.strictObject({ entry }))
    .handler(({ context, input }) => context.station.queue.compare(input)),
  retryEntry: api
    .input(z.strictObject({ entry }))
    .handler(({ context, input }) => context.station.queue.retry(input)),
  resolveEntry: api
    .input(
      z.strictObject({
        entry,
        decision: z.enum(decisions),
        reason: z.string().max(inputBounds.reason),
        by: z.strictObject({
          id: z.string().min(1).max(inputBounds.id),
          pin: z.string().min(1).max(inputBounds.pin),
        }),
      }),
    )
    .handler(({ context, input }) => context.station.queue.resolve(input)),
  clear: api.input(z.strictObject({ fixture })).handler(({ context, input }) => context.station.clear(input)),
};
