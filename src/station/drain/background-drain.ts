/**
 * The drain of a running station, one at a time on its ledger however many processes run (rule O6). It moves to another
 * DPS with the key, and reads the key again before it believes a refusal.
 */
import { acquireDrainLock } from '../../../db/drain-lock.ts';
import { DrainLoop } from '../../outbox/drain-loop.ts';
import { systemTiming } from '../../outbox/timing.ts';
import { connect } from '../dps/dps-connection.ts';
import { paceOf } from '../dps/dps-pace.ts';
import type { StationCore } from '../open-core.ts';
import type { ConnectionView } from '../views.ts';
import { outboxStoreOf } from './outbox-store.ts';
import { NetworkWatch } from './watch-network.ts';

export interface BackgroundDrain {
  readonly connection: ConnectionView;
  /** There is something new in the outbox. */
  poke(): void;
  /** Somebody wants to know now whether DPS can be reached, also after it refused the key. */
  probeNow(): void;
  stop(): Promise<void>;
}

export interface BackgroundDrainOptions {
  readonly onConnection: (connection: ConnectionView) => void;
  readonly onProgress?: () => void;
  readonly onFault?: (error: unknown) => void;
}

/** Use `standByDrain`, which also waits for its turn. @returns undefined where another process drains this ledger */
export function startDrain(core: StationCore, options: BackgroundDrainOptions): BackgroundDrain | undefined {
  const lock = acquireDrainLock(core.directory.path);
  if (!lock) return undefined;
  let target = core.dpsTarget;
  let stopped = false;
  let moving: Promise<void> | undefined;
  /** A loop sends to one DPS only; a key for another one needs another loop. */
  const move = async () => {
    await loop.stop();
    if (stopped) return;
    target = core.dpsTarget;
    loop = begin();
    options.onConnection(loop.connection);
  };
  /** Reads the key again; where it is another one, the loop goes on with it at once. */
  const takeNewKey = () => {
    try {
      if (!core.dps.refresh()) return;
      if (core.dpsTarget?.host !== target?.host) moving = (moving ?? Promise.resolve()).then(move);
      else loop.reconnect();
    } catch (error) {
      options.onFault?.(error);
    }
  };
  const network = new NetworkWatch(() => loop.probeNow());
  const begin = () => {
    const begun = new DrainLoop({
      // Without a target there is no access either, `connect` gives no service, and nothing is ever taken.
      store: outboxStoreOf(core, target ?? { host: '', idScope: null }),
      timing: systemTiming,
      pace: paceOf(core),
      ...(target === null ? {} : { host: target.host }),
      connect: async () => {
        const access = core.dps.access();
        return access ? connect(core, access) : undefined;
      },
      onConnection: connection => {
        if (connection.state === 'offline') network.start();
        else network.stop();
        options.onConnection(connection);
        // A refused key may have been exchanged already: the circuit opens only over the one that is in the store.
        if (refusesKey(connection)) takeNewKey();
      },
      onProgress: () => options.onProgress?.(),
      onStoreFault: error => options.onFault?.(error),
    });
    begun.start();
    return begun;
  };
  let loop = begin();
  return {
    get connection() {
      return loop.connection;
    },
    poke: () => {
      if (core.dps.outdated()) takeNewKey();
      loop.poke();
    },
    probeNow: () => loop.probeNow(),
    stop: async () => {
      stopped = true;
      await moving;
      await loop.stop();
      network.stop();
      lock.release();
    },
  };
}

const keyRefusals: ReadonlySet<string> = new Set([
  'unauthorized',
  'access-revoked',
  'forbidden',
  'entra-login-failed',
  'entra-role-missing',
]);

function refusesKey({ state, code }: ConnectionView): boolean {
  return state === 'refused' && code !== undefined && keyRefusals.has(code);
}
