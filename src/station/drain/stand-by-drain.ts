/**
 * The drain of a station that may not be the only process on its ledger (rule O6): while another one drains, this one says
 * so, and takes over within seconds when that one ends, however it ends.
 */
import { systemTiming } from '../../outbox/timing.ts';
import type { StationCore } from '../open-core.ts';
import type { ConnectionView } from '../views.ts';
import { type BackgroundDrain, type BackgroundDrainOptions, startDrain } from './background-drain.ts';

/** How often it asks whether the other process is gone: a file lock, half a millisecond, no network. */
const takeOverMs = 2_000;

export function standByDrain(core: StationCore, options: BackgroundDrainOptions): BackgroundDrain {
  const stopped = new AbortController();
  const since = core.clock.read().at;
  let own = startDrain(core, options);
  const takeOver = async () => {
    while (!own) {
      await systemTiming.sleep(takeOverMs, stopped.signal);
      if (stopped.signal.aborted) return;
      try {
        own = startDrain(core, options);
      } catch (error) {
        // The data directory may be out of reach for a moment.
        options.onFault?.(error);
      }
    }
    options.onConnection(own.connection);
  };
  const waiting = own ? undefined : takeOver();
  return {
    get connection() {
      return own?.connection ?? drainedElsewhere(core, since);
    },
    poke: () => {
      if (own) own.poke();
      else readKeyAgain(core, options);
    },
    probeNow: () => own?.probeNow(),
    stop: async () => {
      stopped.abort();
      await waiting;
      await own?.stop();
    },
  };
}

/** Another process drains with it; this one makes its entries for the DPS that the key is for. */
function readKeyAgain({ dps }: StationCore, { onFault }: BackgroundDrainOptions): void {
  try {
    if (dps.outdated()) dps.refresh();
  } catch (error) {
    onFault?.(error);
  }
}

function drainedElsewhere({ dps, dpsTarget, ledger }: StationCore, since: number): ConnectionView {
  if (!dpsTarget && dps.fault) return { state: 'refused', since, code: dps.fault.error.code };
  if (!dpsTarget) return { state: 'not-configured', since };
  const { host } = dpsTarget;
  const lastContact = ledger.dpsContacts.get(host);
  return {
    state: 'offline',
    since,
    host,
    code: 'drain-elsewhere',
    ...(lastContact === undefined ? {} : { lastContact }),
  };
}
