/**
 * The one router. Every input is untrusted and bounded here; what passes goes to the station, which decides.
 * Only this file, serve.ts and client.ts know oRPC.
 */
import { os } from '@orpc/server';
import { z } from 'zod';
import type { KioskStation } from '../station/kiosk-station.ts';
import { inputBounds } from './contract.ts';
import { live } from './live.ts';

export interface ApiContext {
  readonly station: KioskStation;
  /** Takes faults of the station for its log. They hold stack traces and stay on this side. */
  readonly onFault: (fault: unknown) => void;
}

const fixture = z.string().min(1).max(inputBounds.fixture);
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
  clear: api.input(z.strictObject({ fixture })).handler(({ context, input }) => context.station.clear(input)),
};
