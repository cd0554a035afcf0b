/**
 * The drain on this ledger: one at a time however many processes run (rule O6), through Microsoft's SDK, which is loaded
 * only here and only when DPS is needed.
 */
import { acquireDrainLock, type DrainLock } from '../../db/drain-lock.ts';
import { LedgerError } from '../../db/errors.ts';
import type { EnrollmentService } from '../dps/service.ts';
import { DrainLoop } from '../outbox/drain-loop.ts';
import type { DrainReport } from '../outbox/drain-once.ts';
import { PacedService } from '../outbox/paced-service.ts';
import { widest } from '../outbox/request-width.ts';
import { systemTiming } from '../outbox/timing.ts';
import { noteAccepted, wasAccepted } from './accepted-key.ts';
import { paceOf } from './dps-pace.ts';
import type { DpsAccess } from './dps-target.ts';
import { StationError } from './errors.ts';
import type { StationCore } from './open-core.ts';
import { outboxStoreOf } from './outbox-store.ts';
import { refuseWhilePaused } from './pause-drain.ts';
import type { ConnectionView } from './views.ts';
import { NetworkWatch } from './watch-network.ts';

/** `enrolled` counts creates here, `changed` what DPS fulfilled of the other operations, as the status does. */
export interface SyncReport extends DrainReport {
  readonly changed: number;
  /** Entries in the outbox that a person must decide on, found now or before; others may wait behind them. */
  readonly forPerson: number;
}

const GRACE_MS = 3_000;
/** The last contact is written down so often at most: each time is a transaction of the ledger. */
const CONTACT_NOTED_MS = 1_000;

export interface DrainOnceRequest {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((enrolled: number, remaining: number) => void) | undefined;
}

/** Throws StationError `dps-not-configured`, `drain-elsewhere` or `drain-paused`; faults of DPS are in the report. */
export async function drainOutboxOnce(core: StationCore, request: DrainOnceRequest): Promise<SyncReport> {
  const access = accessOrThrow(core);
  refuseWhilePaused(core);
  const lock = lockOrThrow(core);
  const service = await connect(core, access);
  // Asked to end: what is on its way may still be answered for a moment, then it is cut and asked about next time.
  let grace: NodeJS.Timeout | undefined;
  const hurry = () => {
    grace = setTimeout(() => service.close(), GRACE_MS);
  };
  request.signal?.addEventListener('abort', hurry, { once: true });
  // Somebody may pause it meanwhile: nothing more is due then, and there is nothing to wait for.
  const held = new AbortController();
  let ofOtherDps = 0;
  let changed = 0;
  try {
    const { drainOnce } = await import('../outbox/drain-once.ts');
    const report = await drainOnce({
      store: outboxStoreOf(core, access.target, {
        onHeld: () => held.abort(),
        onOtherDps: () => {
          ofOtherDps += 1;
        },
        onChanged: () => {
          changed += 1;
        },
      }),
      service,
      timing: systemTiming,
      pace: paceOf(core),
      signal: AbortSignal.any([held.signal, ...(request.signal ? [request.signal] : [])]),
      ...(request.onProgress
        ? { onProgress: progress => request.onProgress?.(progress.enrolled, progress.remaining) }
        : {}),
    });
    if (report.remaining > 0) refuseWhilePaused(core);
    const { conflict, quarantined } = core.ledger.counts.outbox();
    return {
      ...report,
      enrolled: report.enrolled - changed,
      changed,
      forPerson: conflict + quarantined,
      quarantined: report.quarantined + ofOtherDps,
    };
  } finally {
    clearTimeout(grace);
    request.signal?.removeEventListener('abort', hurry);
    service.close();
    lock.release();
  }
}

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

/** One cheap authorised request. Throws DpsError. */
export async function probeDps(core: StationCore, deadlineMs: number): Promise<'online' | 'not-configured'> {
  const access = core.dps.access();
  if (!access) return 'not-configured';
  await withDps(core, access, deadlineMs, service => service.probe());
  return 'online';
}

/** A connection for one piece of work. */
export async function withDps<T>(
  core: StationCore,
  access: DpsAccess,
  deadlineMs: number,
  work: (service: EnrollmentService) => Promise<T>,
): Promise<T> {
  const service = await connect(core, access, deadlineMs);
  try {
    return await work(service);
  } finally {
    service.close();
  }
}

async function connect(
  core: StationCore,
  access: DpsAccess,
  deadlineMs?: number,
): Promise<EnrollmentService> {
  const { ServiceClient } = await import('../dps/service-client.ts');
  let noted = 0;
  const client = new ServiceClient({
    connection: access.connection,
    ...(access.ca === undefined ? {} : { ca: access.ca }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    maxSockets: widest,
    refuseEmulator: !core.rehearsal,
    now: () => core.clock.read().at,
    acceptedBefore: wasAccepted(core.directory, access),
    onAccepted: () => noteAccepted(core.directory, access),
    onAnswer: ({ at, skewMs }) => {
      if (skewMs !== undefined) core.clock.measured(skewMs);
      if (Math.abs(at - noted) < CONTACT_NOTED_MS) return;
      noted = at;
      noteContact(core, access.target.host, at);
    },
  });
  return new PacedService(client, paceOf(core), systemTiming);
}

/** For the status only: where it cannot be written, the transaction that matters says so. */
function noteContact(core: StationCore, host: string, at: number): void {
  try {
    core.ledger.dpsContacts.put(host, at);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
}

/** Throws StationError `dps-not-configured`. */
export function accessOrThrow(core: StationCore): DpsAccess {
  const access = core.dps.access();
  if (!access) throw new StationError('dps-not-configured', 'this station has no key for a DPS');
  return access;
}

function lockOrThrow(core: StationCore): DrainLock {
  const lock = acquireDrainLock(core.directory.path);
  if (!lock) throw new StationError('drain-elsewhere', 'the drain lock of this ledger is held');
  return lock;
}
