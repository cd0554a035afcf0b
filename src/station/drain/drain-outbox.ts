/** `sync --once`: drains the outbox until nothing is due, alone on its ledger (rule O6), and tells what came of it. */
import { acquireDrainLock, type DrainLock } from '../../../db/drain-lock.ts';
import type { DrainReport } from '../../outbox/drain-once.ts';
import { systemTiming } from '../../outbox/timing.ts';
import { accessOrThrow, connect } from '../dps/dps-connection.ts';
import { paceOf } from '../dps/dps-pace.ts';
import { StationError } from '../errors.ts';
import { keepCheckpointOfChange } from '../log/keep-checkpoint.ts';
import type { StationCore } from '../open-core.ts';
import { outboxStoreOf } from './outbox-store.ts';
import { refuseWhilePaused } from './pause-drain.ts';

/** `enrolled` counts creates here, `changed` what DPS fulfilled of the other operations, as the status does. */
export interface SyncReport extends DrainReport {
  readonly changed: number;
  /** Entries in the outbox that a person must decide on, found now or before; others may wait behind them. */
  readonly forPerson: number;
}

const GRACE_MS = 3_000;

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
    const { drainOnce } = await import('../../outbox/drain-once.ts');
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
    keepCheckpointOfChange(core);
  }
}

function lockOrThrow(core: StationCore): DrainLock {
  const lock = acquireDrainLock(core.directory.path);
  if (!lock) throw new StationError('drain-elsewhere', 'the drain lock of this ledger is held');
  return lock;
}
