/**
 * A ledger goes on in another log (rule A1): after it was restored, when it wakes up on another machine, or where it is
 * older than a checkpoint that was kept outside of it. The old origin would else get a second tree. The new log has a key of
 * its own, and its first entry cites the old log's last checkpoint, and the outside one that shows what is missing.
 */
import type { Ledger } from '../../../db/ledger.ts';
import { signCheckpoint } from '../../audit/checkpoint.ts';
import type { LogStartedData } from '../../audit/entry-data.ts';
import type { StationClock } from '../clock/station-clock.ts';
import { StationError } from '../errors.ts';
import { personOf } from '../people.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { version } from '../version.ts';
import type { AuditLog } from './audit-log.ts';
import { auditTree, fillTree } from './audit-tree.ts';
import {
  currentIdentity,
  identityOfLog,
  newLogRow,
  prepareNextKey,
  type StationIdentity,
} from './identity.ts';
import { machineDigest } from './machine-id.ts';

export type NewLogCause = NonNullable<LogStartedData['because']>;

export interface NewLogParts {
  readonly ledger: Ledger;
  readonly secrets: SecretStore;
  readonly audit: AuditLog;
  readonly clock: StationClock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface NewLogOrder {
  readonly because: NewLogCause;
  /** A signed note of the old log that has more entries than the ledger. */
  readonly outsideCheckpoint?: string | undefined;
  /** Who decided it at a screen, and why; absent: the system, or whoever may run the command line. */
  readonly by?: { readonly account: string; readonly reason: string } | undefined;
  /** The log that it is about: where another process began a new one meanwhile, nothing is done. */
  readonly after: string;
}

/** @returns the identity of the log that is written to from here on */
export function startNewLog(parts: NewLogParts, order: NewLogOrder): StationIdentity {
  return currentIdentity(parts.ledger, parts.secrets, beginNewLog(parts, order));
}

/**
 * As `startNewLog`, in a ledger that is not yet the station's: the key stays beside that of the ledger that is, and takes its
 * place where the ledger is opened.
 */
export function beginNewLog(parts: NewLogParts, order: NewLogOrder): StationIdentity {
  const { ledger, secrets, audit, clock } = parts;
  fillTree(ledger, order.after);
  return ledger.transaction(() => {
    const old = ledger.logs.current()!;
    if (old.log_id !== order.after) return identityOfLog(ledger, secrets, old);
    const { at } = clock.read();
    const previousCheckpoint = lastCheckpoint(parts, at);
    const { row, identity: fresh } = newLogRow(old.station_id, at, origin => prepareNextKey(secrets, origin));
    ledger.logs.insert(row);
    const machine = machineDigest(row.log_id, parts.env);
    if (machine !== undefined) ledger.logMachines.insert(row.log_id, machine);
    audit.append(fresh, personOf(ledger, order.by?.account ?? 'system', at), {
      type: 'log-started',
      data: {
        stationId: fresh.stationId,
        logId: fresh.logId,
        verifierKey: fresh.verifierKey,
        version,
        because: order.because,
        ...(previousCheckpoint === undefined ? {} : { previousCheckpoint }),
        ...(order.outsideCheckpoint === undefined ? {} : { outsideCheckpoint: order.outsideCheckpoint }),
        ...(order.by?.reason && { reason: order.by.reason }),
      },
    });
    return fresh;
  });
}

/** Of all the old log has in this ledger, where its key is at hand; else the newest that was signed before. */
function lastCheckpoint({ ledger, secrets }: NewLogParts, now: number): string | undefined {
  const old = ledger.logs.current()!;
  try {
    const { key } = identityOfLog(ledger, secrets, old);
    const size = ledger.audit.size(old.log_id);
    const rootHash = auditTree(ledger, old.log_id).rootHash(size);
    const note = signCheckpoint(key, { origin: old.origin, size, rootHash });
    ledger.checkpoints.insert({ log_id: old.log_id, size, note, made_at: now });
    return note;
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    // The key belongs to the other machine's keyring.
    return ledger.checkpoints.latest(old.log_id)?.note;
  }
}
