/** All that the ledger knows of one device: itself, its attempts, its entries, and the devices before and after it. */
import type { DeviceRow, HarvestRow } from '../../../db/rows.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { type QueueEntryWhole, wholeEntryOf } from '../queue/queue.ts';
import { quoteText } from '../quote-text.ts';
import { type ArchiveView, archivesOf } from '../work-orders.ts';
import { namedDevices } from './device-by-name.ts';

export interface DeviceFacts {
  readonly deviceId: string;
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly origin: DeviceRow['origin'];
  readonly registrationId: string;
  readonly ekSha256: string;
  readonly ekTemplate: string;
  readonly certificate: string;
  /** Why it is not verified, in words; null where it is, or nothing more is to be said. */
  readonly certificateDetail: string | null;
  readonly harvestId: string;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  readonly retired: { readonly at: number; readonly reason: string } | null;
}

export interface PastAttempt {
  readonly harvestId: string;
  readonly at: number;
  readonly origin: HarvestRow['origin'];
  readonly serial: string | null;
  readonly verdict: HarvestRow['verdict'];
  readonly code: string;
  readonly ekSha256: string | null;
  readonly fixture: string | null;
  readonly durationMs: number;
  /** Its entry in the audit log of this id: the place, and SHA-256(0x00 || entry) in hex. */
  readonly logId: string;
  readonly auditIndex: number;
  readonly leafHash: string;
}

export interface DeviceHistory extends DeviceFacts {
  /** Oldest first. */
  readonly entries: readonly QueueEntryWhole[];
  /** Of its key or its serial, newest first; at most 100 of each. */
  readonly attempts: readonly PastAttempt[];
  /** The device it went on from, and so on: nearest first. */
  readonly predecessors: readonly DeviceFacts[];
  readonly successors: readonly DeviceFacts[];
  /** Files in which entries of the audit log under its work order rest, oldest first. */
  readonly archives: readonly ArchiveView[];
}

const LONGEST_LINEAGE = 50;

/**
 * One device for each that has this device id, registration id or serial, also among the retired: those in force first.
 * @throws StationError `device-unknown`
 */
export function deviceHistories(core: StationCore, name: string): DeviceHistory[] {
  const rows = namedDevices(core, name);
  if (rows.length === 0)
    throw new StationError('device-unknown', `there is no device ${quoteText(name, 128)}`);
  return rows.map(row => historyOf(core, row));
}

function historyOf(core: StationCore, row: DeviceRow): DeviceHistory {
  const { harvests, outbox } = core.ledger;
  const attempts = [
    ...harvests.ofEk(row.ek_sha256),
    ...(row.serial === null
      ? []
      : harvests.ofSerial(row.serial).filter(({ product }) => product === row.product)),
  ];
  const different = new Map(attempts.map(attempt => [attempt.harvest_id, attempt]));
  return {
    ...factsOf(row),
    entries: outbox.ofDevice(row.device_id).map(entry => wholeEntryOf(core, entry)),
    attempts: [...different.values()]
      .sort((one, other) => other.audit_index - one.audit_index)
      .map(attempt => ({
        harvestId: attempt.harvest_id,
        at: attempt.at,
        origin: attempt.origin,
        serial: attempt.serial,
        verdict: attempt.verdict,
        code: attempt.code,
        ekSha256: attempt.ek_sha256,
        fixture: attempt.fixture,
        durationMs: attempt.duration_ms,
        logId: attempt.log_id,
        auditIndex: attempt.audit_index,
        leafHash: core.ledger.audit.get(attempt.audit_index, attempt.log_id)!.leaf_hash.toString('hex'),
      })),
    predecessors: predecessorsOf(core, row).map(factsOf),
    successors: core.ledger.devices.successorsOf(row.device_id).map(factsOf),
    archives: row.work_order === null ? [] : archivesOf(core, row.work_order),
  };
}

function predecessorsOf({ ledger }: StationCore, row: DeviceRow): DeviceRow[] {
  const line: DeviceRow[] = [];
  for (let id = row.predecessor_id; id !== null && line.length < LONGEST_LINEAGE; ) {
    const before = ledger.devices.get(id)!;
    line.push(before);
    id = before.predecessor_id;
  }
  return line;
}

function factsOf(row: DeviceRow): DeviceFacts {
  return {
    deviceId: row.device_id,
    serial: row.serial,
    product: row.product,
    workOrder: row.work_order,
    origin: row.origin,
    registrationId: row.registration_id,
    ekSha256: row.ek_sha256,
    ekTemplate: row.ek_template,
    certificate: row.certificate_status,
    certificateDetail: row.certificate_detail,
    harvestId: row.harvest_id,
    recordedAt: row.created_at,
    retired: row.retired_at === null ? null : { at: row.retired_at, reason: row.retired_reason! },
  };
}
