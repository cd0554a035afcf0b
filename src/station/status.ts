/** The station at a glance, for `status`: what is recorded, what waits, the audit head, and whether DPS answers. */
import { statfsSync } from 'node:fs';
import { TrustError } from '../trust/errors.ts';
import { readBackupRecord } from './backup/backup-record.ts';
import { backupFault } from './backup/examine-backups.ts';
import { backupDue, backupFolder } from './backup/scheduled-backup.ts';
import { type ClockEvidence, clockEvidence } from './clock/clock-evidence.ts';
import { words } from './doctor/examine-checkpoints.ts';
import { probeDps } from './dps/dps-connection.ts';
import { type DpsReach, type DrainForecast, forecastDrain } from './drain/drain-forecast.ts';
import { describeFailure } from './failure.ts';
import { checkpointFolders } from './log/checkpoint-folders.ts';
import { lookOutside } from './log/outside-checkpoints.ts';
import type { StationCore } from './open-core.ts';
import { type ListsView, viewLists } from './trust-fetch/examine-lists.ts';
import { version } from './version.ts';
import type { OutboxView } from './views.ts';

export interface StationStatus {
  readonly version: string;
  /** Schema of the ledger. */
  readonly schema: number;
  readonly rehearsal: boolean;
  readonly dataDirectory: string;
  readonly station: { readonly name: string; readonly line: string; readonly id: string };
  /** With a passed harvest or import. */
  readonly devices: number;
  /** Devices that passed with an EK certificate that is not verified (rule H8). */
  readonly certificateDebt: number;
  /** Attempts of any outcome, imports included. */
  readonly attempts: number;
  /** The order that the station works on; null: none. */
  readonly workOrder: {
    readonly id: string;
    readonly product: string;
    /** Null where nobody said how many. */
    readonly quantity: number | null;
    readonly passed: number;
  } | null;
  readonly queue: Omit<OutboxView, 'oldestAt' | 'drain'> & { readonly oldestAt: number | null };
  /** How long the queue will take to empty. */
  readonly drain: DrainForecast;
  /** Null where there is no trust store that can be read. */
  readonly trust: {
    readonly anchors: number;
    readonly intermediates: number;
    /** Files, and certificates in them, that cannot be used; `doctor` names them. */
    readonly setAside: number;
  } | null;
  /** Null where there is no trust store, or no product has revocation judged. */
  readonly revocation: ListsView | null;
  readonly audit: {
    readonly origin: string;
    readonly size: number;
    /** RFC 6962 root, hex. */
    readonly rootHash: string;
    /** The newest signed checkpoint that was made; null before the first export. */
    readonly checkpoint: string | null;
    readonly verifierKey: string;
    /** Entries that the largest checkpoint outside the ledger covers; null: there is none. */
    readonly outsideSize: number | null;
    /** A checkpoint from outside that the log does not extend, and that no later log cites, in words. */
    readonly contradiction: string | null;
  };
  readonly backup: {
    /** Where they go by themselves; null: nowhere. */
    readonly folder: string | null;
    /** The newest one that was verified, and when the next is due; epoch milliseconds. */
    readonly last: { readonly at: number; readonly folder: string } | null;
    readonly dueAt: number | null;
    /** Why the last one failed, or that one is overdue, in words. */
    readonly fault: string | null;
  };
  readonly dps: {
    readonly host: string | null;
    readonly idScope: string | null;
    /** Null where no connection string is set. */
    readonly online: boolean | null;
    /** Why it is not online. */
    readonly code: string | null;
    /** Epoch milliseconds; null = never. */
    readonly lastContact: number | null;
  };
  /** Bytes free for this user on the disk of the ledger. */
  readonly disk: { readonly freeBytes: number };
  readonly clock: ClockEvidence['clock'];
  /** Milliseconds that the clock is ahead of DPS's (behind: negative); null where DPS did not answer. */
  readonly clockAheadMs: ClockEvidence['aheadMs'];
  /** Milliseconds by which it was moved since the newest entry of the audit log; null where that does not show. */
  readonly clockSteppedMs: ClockEvidence['steppedMs'];
}

const PROBE_DEADLINE_MS = 3_000;
/** Days of checkpoints that are looked at; `doctor` looks at all. */
const RECENT_CHECKPOINTS = 7;

export async function readStatus(core: StationCore): Promise<StationStatus> {
  const { ledger, configuration, identity, dpsTarget } = core;
  const reach = await reachOf(core);
  const clock = clockEvidence(core);
  const head = core.audit.head();
  const disk = statfsSync(core.directory.path);
  return {
    version,
    schema: ledger.schema,
    rehearsal: core.rehearsal,
    dataDirectory: core.directory.path,
    station: { name: configuration.station.name, line: configuration.station.line, id: identity.stationId },
    devices: ledger.counts.devices(),
    certificateDebt: ledger.counts.certificateDebt(),
    attempts: ledger.counts.harvests(),
    workOrder: workOrderOf(core),
    queue: { ...ledger.counts.outbox(), oldestAt: ledger.outbox.oldestWaiting() ?? null },
    drain: forecastDrain(core, drainReach(reach.online)),
    trust: trustOf(core),
    revocation: viewLists(core),
    audit: {
      origin: identity.origin,
      size: head.size,
      rootHash: head.rootHash.toString('hex'),
      checkpoint: ledger.checkpoints.latest(identity.logId)?.note ?? null,
      verifierKey: identity.verifierKey,
      ...outsideOf(core),
    },
    backup: {
      folder: backupFolder(core) ?? null,
      last: readBackupRecord(core.directory).good,
      dueAt: backupDue(core),
      fault: backupFault(core),
    },
    dps: {
      host: dpsTarget?.host ?? null,
      idScope: dpsTarget?.idScope ?? null,
      ...reach,
      lastContact: dpsTarget ? (ledger.dpsContacts.get(dpsTarget.host) ?? null) : null,
    },
    disk: { freeBytes: disk.bavail * disk.bsize },
    clock: clock.clock,
    clockAheadMs: clock.aheadMs,
    clockSteppedMs: clock.steppedMs,
  };
}

/** Without a key here, another process may have one. */
function drainReach(online: StationStatus['dps']['online']): DpsReach {
  if (online === null) return 'elsewhere';
  return online ? 'online' : 'out-of-reach';
}

function workOrderOf({ ledger }: StationCore): StationStatus['workOrder'] {
  const row = ledger.workOrders.current();
  return row
    ? { id: row.work_order, product: row.product, quantity: row.quantity, passed: row.passed }
    : null;
}

function outsideOf(core: StationCore): Pick<StationStatus['audit'], 'outsideSize' | 'contradiction'> {
  const views = checkpointFolders(core).flatMap(folder =>
    folder === undefined ? [] : [lookOutside(core.ledger, folder, RECENT_CHECKPOINTS)],
  );
  const grave = views.flatMap(view => view.contradictions).find(({ onRecord }) => !onRecord);
  return { outsideSize: views[0]?.size ?? null, contradiction: grave ? words(grave) : null };
}

function trustOf({ trust }: StationCore): StationStatus['trust'] {
  try {
    const store = trust.read();
    return store
      ? {
          anchors: store.anchors.length,
          intermediates: store.intermediates.length,
          setAside: store.setAside.length,
        }
      : null;
  } catch (error) {
    if (error instanceof TrustError) return null;
    throw error;
  }
}

async function reachOf(core: StationCore): Promise<{ online: boolean | null; code: string | null }> {
  try {
    const reached = await probeDps(core, PROBE_DEADLINE_MS);
    return { online: reached === 'online' ? true : null, code: null };
  } catch (error) {
    return { online: false, code: describeFailure(error).code };
  }
}
