/**
 * What became of a bundle's entries, signed for the station that packed it and bound to that bundle's content. Written again
 * later it says more: each has a number, and the newest one counts.
 */
import { randomUUID } from 'node:crypto';
import type { CourierForeignEntryRow, CourierTakenRow } from '../../../db/rows.ts';
import { CourierError } from '../../courier/errors.ts';
import { sealLetter } from '../../courier/letter.ts';
import { type ReceiptResult, resultLine } from '../../courier/receipt-result.ts';
import type { ConflictReason } from '../../outbox/store.ts';
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
  if (newest.some(({ origin }) => origin !== first.origin))
    throw new CourierError(
      'courier-bundle-unknown',
      'bundles of several stations were taken here: name one with --bundle',
    );
  return newest.reduce((last, each) => (each.sequence > last.sequence ? each : last));
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
    results.map(resultLine),
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

function resultOf({ ledger }: StationCore, entry: CourierForeignEntryRow): ReceiptResult {
  const { entry_id: entryId, local_entry_id: local } = entry;
  const refused = (reason: string, detail: string): ReceiptResult => ({
    entryId,
    outcome: 'refused',
    reason,
    detail: detail.slice(0, 2000),
  });
  const row = local === null ? undefined : ledger.outbox.get(local);
  if (!row) return refused(entry.code, entry.detail);
  switch (row.state) {
    case 'queued':
    case 'sending':
      return { entryId, outcome: 'waiting' };
    case 'enrolled':
      return { entryId, outcome: 'enrolled', ...(row.etag === null ? {} : { etag: row.etag.slice(0, 200) }) };
    case 'conflict': {
      const fits = row.detail !== null && row.detail.length <= LARGEST_RECORD;
      const theirs = fits ? (JSON.parse(row.detail!) as Record<string, unknown>) : {};
      return { entryId, outcome: 'conflict', reason: row.reason as ConflictReason, theirs };
    }
    case 'quarantined':
      // What DPS may hold is not refused: there it could be cancelled, and the enrollment would stay behind.
      return canBeCancelled(row)
        ? refused(row.reason ?? 'quarantined', row.detail === null ? '' : String(JSON.parse(row.detail)))
        : { entryId, outcome: 'waiting' };
    case 'cancelled':
      return refused('cancelled', 'a person at the receiving station decided that it is not sent');
  }
}
