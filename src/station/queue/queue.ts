/** The outbox as people see it: what waits, what is in conflict or set aside. */
import type { OutboxRow } from '../../../db/rows.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';

export interface QueueEntry {
  readonly entryId: string;
  /** What it asks of DPS. */
  readonly operation: OutboxRow['operation'];
  readonly state: OutboxRow['state'];
  readonly deviceId: string;
  readonly serial: string | null;
  readonly registrationId: string;
  readonly harvestId: string;
  readonly dpsHost: string | null;
  readonly idScope: string | null;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly sentAt: number | null;
  readonly settledAt: number | null;
  /** The entry that must be settled before this one is sent. */
  readonly waitsFor: string | null;
  /** The reason that the person gave who asked for it. */
  readonly because: string | null;
  readonly reason: string | null;
  /** What DPS has in its place, or why it was set aside. */
  readonly detail: unknown;
}

export interface QueueEntryWhole extends QueueEntry {
  readonly document: unknown;
}

/** @param page.state without it: everything that is not settled */
export function listQueue(
  core: StationCore,
  page: { readonly state?: OutboxRow['state'] | undefined; readonly limit: number },
): QueueEntry[] {
  const states =
    page.state === undefined ? (['conflict', 'quarantined', 'sending', 'queued'] as const) : [page.state];
  const rows: OutboxRow[] = [];
  for (const state of states) {
    if (rows.length >= page.limit) break;
    rows.push(...core.ledger.outbox.list({ state, limit: page.limit - rows.length }));
  }
  return rows.map(row => entryOf(core, row));
}

export function showQueueEntry(core: StationCore, entryId: string): QueueEntryWhole {
  return wholeEntryOf(core, rowOf(core, entryId));
}

/** A device that passed with an EK certificate that is not verified (rule H8). */
export interface CertificateDebt {
  readonly deviceId: string;
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly registrationId: string;
  readonly origin: 'harvested' | 'imported';
  /** What is known of the certificate. */
  readonly certificate: string;
  /** Why, in words; null where nothing more is to be said. */
  readonly detail: string | null;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

/** Oldest first. @param after the device that the page before ended with */
export function listCertificateDebt(core: StationCore, limit: number, after?: string): CertificateDebt[] {
  return core.ledger.devices.inCertificateDebt(limit, after).map(row => ({
    deviceId: row.device_id,
    serial: row.serial,
    product: row.product,
    workOrder: row.work_order,
    registrationId: row.registration_id,
    origin: row.origin,
    certificate: row.certificate_status,
    detail: row.certificate_detail,
    recordedAt: row.created_at,
  }));
}

/** @throws StationError `entry-unknown` */
export function rowOf(core: StationCore, entryId: string): OutboxRow {
  const row = core.ledger.outbox.get(entryId);
  if (!row) throw new StationError('entry-unknown', `no entry ${JSON.stringify(entryId.slice(0, 80))}`);
  return row;
}

export function entryOf(core: StationCore, row: OutboxRow): QueueEntry {
  return {
    entryId: row.entry_id,
    operation: row.operation,
    state: row.state,
    deviceId: row.device_id,
    serial: core.ledger.devices.get(row.device_id)?.serial ?? null,
    registrationId: row.registration_id,
    harvestId: row.harvest_id,
    dpsHost: row.dps_host,
    idScope: row.id_scope,
    attempts: row.attempts,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    settledAt: row.settled_at,
    waitsFor: row.waits_for,
    because: row.because,
    reason: row.reason,
    detail: row.detail === null ? null : jsonOrText(row.detail),
  };
}

export function wholeEntryOf(core: StationCore, row: OutboxRow): QueueEntryWhole {
  return { ...entryOf(core, row), document: jsonOrText(row.document) };
}

export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
