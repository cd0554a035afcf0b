/** `sync --watch`: a drain that stays, told as it changes. Where another process drains, it says so and takes over. */
import { accessOrThrow } from '../dps/dps-connection.ts';
import type { StationCore } from '../open-core.ts';
import { startTrustFetch } from '../trust-fetch/fetch-schedule.ts';
import type { ConnectionView } from '../views.ts';
import { watchLedger } from '../watch-ledger.ts';
import { standByDrain } from './stand-by-drain.ts';

export interface DrainChange extends ConnectionView {
  readonly at: number;
  readonly queued: number;
}

/** Stays until the signal ends it. Throws StationError `dps-not-configured`. */
export async function watchOutbox(
  core: StationCore,
  request: { readonly signal: AbortSignal; readonly onChange: (change: DrainChange) => void },
): Promise<void> {
  accessOrThrow(core);
  const tell = (connection: ConnectionView) =>
    request.onChange({ ...connection, at: core.clock.read().at, queued: core.ledger.counts.outbox().queued });
  const drain = standByDrain(core, { onConnection: tell });
  if (drain.connection.code === 'drain-elsewhere') tell(drain.connection);
  const unwatch = watchLedger(core, () => drain.poke());
  const trustFetch = startTrustFetch(core);
  await new Promise<void>(resolve => {
    if (request.signal.aborted) resolve();
    else request.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  unwatch();
  await trustFetch.close();
  await drain.stop();
}
