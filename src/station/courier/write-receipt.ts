/**
 * What became of a bundle's entries, signed for the station that packed it and bound to that bundle's content. Written again
 * later it says more: each has a number, and the newest one counts.
 */
import { randomUUID } from 'node:crypto';
import type { CourierForeignEntryRow, CourierTakenRow, OutboxRow } from '../../../db/rows.ts';
import { CourierError } from '../../courier/errors.ts';
import { sealLetter } from '../../courier/letter.ts';
import { stationOf } from '../../courier/manifest.ts';
import { type ReceiptResult, readResult, resultLine } from '../../courier/receipt-result.ts';
import type { ConflictReason } from '../../outbox/store.ts';
import { bringsWholeDocument } from '../conflict-desk/fitting-decisions.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { canBeCancelled } from '../queue/request-entry.ts';
import { version } from '../version.ts';
import { refusePlace, writeParts } from './write-parts.ts';

export interface ReceiptRequest {
  readonly out: string;
  /** Id of the bundle; absent: the newest one, where all are of one station. */
  readonly bundleId?: string | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenReceipt {
  readonly receiptId: string;
  readonly number: number;
  readonly bundleId: string;
  readonly origin: string;
  readonly sequence: number;
  readonly file: string;
  readonly counts: Readonly<Record<ReceiptResult['outcome'], number>>;
}

/** A record of DPS that is larger than this is left out of a receipt; its reason stays. */
const LARGEST_RECORD = 64 * 1024;
const LONGEST_DETAIL = 2000;

/** @throws CourierError `courier-bundle-unknown`; AuditError `export-*` */
export async function writeReceipt(core: StationCore, request: ReceiptRequest): Promise<WrittenReceipt> {
  refusePlace(core, request);
  const bundle = bundleFor(core, request.bundleId);
  const { bytes, ...facts } = core.ledger.transaction(() => record(core, bundle, request.account));
  const [file] = await writeParts(
    core,
    { kind: 'receipt', id: facts.receiptId, bytes },
    { out: request.out, signal: request.signal },
  );
  return { ...facts, file: file! };
}

function bundleFor({ ledger }: StationCore, bundleId: string | undefined): CourierTakenRow {
  if (bundleId !== undefined) {
    const bundle = ledger.courierTaken.get(bundleId);
    if (!bundle) throw new CourierError('courier-bundle-unknown', 'no bundle of this id was taken here');
    return bundle;
  }
  const newest = ledger.courierTaken.newest(100);
  const [first] = newest;
  if (!first) throw new CourierError('courier-bundle-unknown', 'no bundle was taken here yet');
  if (newest.some(({ origin }) => stationOf(origin) !== stationOf(first.origin)))
    throw new CourierError(
      'courier-bundle-unknown',
      'bundles of several stations were taken here: name one with --bundle',
    );
  // A station in a new log counts from 1 again.
  return newest
    .filter(({ origin }) => origin === first.origin)
    .reduce((last, each) => (each.sequence > last.sequence ? each : last));
}

function record(core: StationCore, bundle: CourierTakenRow, account: string) {
  const { ledger, identity } = core;
  const results = ledger.courierTaken.entriesOf(bundle.bundle_id).map(entry => resultOf(core, entry));
  const counts = { enrolled: 0, conflict: 0, refused: 0, waiting: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  const { at, clock } = core.clock.read();
  const receiptId = randomUUID();
  const number = ledger.courierTaken.countReceipt(bundle.bundle_id);
  const { bundle_id: bundleId, origin, sequence, sha256 } = bundle;
  const target = core.dpsTarget;
  if (!target) throw new CourierError('courier-no-target', 'no DPS is configured here');
  const letter = sealLetter(
    'receipt',
    {
      v: 1,
      keyline: version,
      origin: identity.origin,
      receiptId,
      number,
      bundle: { bundleId, sha256, origin, sequence },
      target: { host: target.host, idScope: target.idScope },
      madeAt: new Date(at).toISOString(),
      clock,
      rehearsal: core.rehearsal,
      verifierKey: identity.verifierKey,
      rotations: [...keyChainOf(core, identity.logId).rotations.values()],
    },
    results.map(lineOf),
    identity.key,
  );
  core.audit.append(identity, personOf(ledger, account, at), {
    type: 'courier',
    data: {
      change: 'receipt-written',
      origin,
      bundleId,
      sequence,
      sha256,
      receiptId,
      entries: results.length,
      outcomes: counts,
    },
  });
  return { receiptId, number, bundleId, origin, sequence, counts, bytes: letter.bytes };
}

/** Read once as the other station will read it: what DPS has may be nothing that can be signed, and would hold up all else. */
function lineOf(result: ReceiptResult, at: number): string {
  try {
    const line = resultLine(result);
    readResult(line, at + 1);
    return line;
  } catch (error) {
    if (!(error instanceof CourierError) || result.outcome !== 'conflict') throw error;
    return resultLine({ ...result, theirs: {} });
  }
}

function resultOf(core: StationCore, entry: CourierForeignEntryRow): ReceiptResult {
  const { entry_id: entryId, local_entry_id: local } = entry;
  const refused = (reason: string, detail: string): ReceiptResult => ({
    entryId,
    outcome: 'refused',
    reason,
    detail: detail.slice(0, LONGEST_DETAIL).toWellFormed(),
  });
  const row = local === null ? undefined : standsFor(core, local);
  if (!row) return refused(entry.code, entry.detail);
  switch (row.state) {
    case 'queued':
    case 'sending':
      return { entryId, outcome: 'waiting' };
    case 'enrolled':
      return { entryId, outcome: 'enrolled', ...(row.etag === null ? {} : { etag: row.etag.slice(0, 200) }) };
    case 'conflict': {
      const record = (row.detail?.length ?? 0) <= LARGEST_RECORD ? jsonOf(row.detail) : undefined;
      const theirs = isRecord(record) ? record : {};
      return { entryId, outcome: 'conflict', reason: row.reason as ConflictReason, theirs };
    }
    case 'quarantined': {
      // What DPS may hold is not refused: there it could be cancelled, and the enrollment would stay behind.
      if (!canBeCancelled(row)) return { entryId, outcome: 'waiting' };
      const detail = jsonOf(row.detail);
      return refused(row.reason ?? 'quarantined', typeof detail === 'string' ? detail : (row.detail ?? ''));
    }
    case 'cancelled':
      return refused('cancelled', 'a person at the receiving station decided that it is not sent');
  }
}

/** Where a person decided here on a conflict, what took the entry's place says what became of it. */
function standsFor({ ledger }: StationCore, entryId: string): OutboxRow | undefined {
  const row = ledger.outbox.get(entryId);
  if (row?.state !== 'cancelled' || !bringsWholeDocument(row)) return row;
  const later = ledger.outbox.ofDevice(row.device_id);
  const replacement = later
    .slice(later.findIndex(({ entry_id }) => entry_id === entryId) + 1)
    .find(each => bringsWholeDocument(each) && each.state !== 'cancelled');
  return replacement ?? row;
}

/** What a row says as JSON; undefined where it is damaged or says nothing. */
function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
