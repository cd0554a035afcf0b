/**
 * A receipt of the pinned receiver closes the entries that it speaks of, each move with its evidence (rule O2). It counts only
 * for the bundle that it is bound to, by id and content, and for entries that were in it. Taken twice it changes nothing; an
 * older one than was taken before can still tell of what DPS has, for that stays true.
 */
import type { CourierPackedRow, OutboxRow } from '../../../db/rows.ts';
import { CourierError } from '../../courier/errors.ts';
import type { ReceiptManifest } from '../../courier/manifest.ts';
import { type ReceiptResult, readResult } from '../../courier/receipt-result.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { type EntryMove, moveEntry } from '../queue/move-entry.ts';
import { followKey, openLetter } from './open-letter.ts';

export interface TakeReceiptRequest {
  readonly files: readonly string[];
  readonly account: string;
}

/**
 * `enrolled`, `conflict`, `refused`: closed or stopped by it; `closed-before`: nothing was left to do; `waiting`: there, or here
 * behind another entry; `cancelled-here`: a person cancelled it, and DPS may have it nevertheless.
 */
export type ReceiptOutcome =
  | 'enrolled'
  | 'conflict'
  | 'refused'
  | 'closed-before'
  | 'waiting'
  | 'cancelled-here';

export interface TakenReceipt {
  readonly receiptId: string;
  readonly number: number;
  readonly bundleId: string;
  readonly sequence: number;
  readonly origin: string;
  readonly counts: Readonly<Record<ReceiptOutcome, number>>;
  /** A newer receipt for this bundle was taken before. */
  readonly older: boolean;
  /** Entries that DPS has although they were cancelled here. */
  readonly cancelledHere: readonly string[];
}

const RESULTS_AT_ONCE = 200;

/** @throws CourierError; nothing was closed then */
export async function takeReceipt(core: StationCore, request: TakeReceiptRequest): Promise<TakenReceipt> {
  const letter = await openLetter(core, 'receipt', request.files);
  const { manifest } = letter;
  const { bundle, number } = manifest;
  const { courierPacked } = core.ledger;
  const packed = courierPacked.get(bundle.bundleId);
  if (
    packed?.sha256 !== bundle.sha256 ||
    packed.origin !== bundle.origin ||
    packed.sequence !== bundle.sequence
  )
    throw new CourierError('courier-receipt-foreign', `bundle ${bundle.sequence} of ${bundle.origin}`);
  const results = letter.lines.map((line, at) => readResult(line, at + 1));
  const unbound = results.find(({ entryId }) => !courierPacked.holds(bundle.bundleId, entryId));
  if (unbound) throw new CourierError('courier-receipt-unbound', `entry ${unbound.entryId}`);
  // Another receiver, or this one from a backup on, counts anew.
  const taken = (row: CourierPackedRow) => (row.receipt_origin === manifest.origin ? row.receipt : 0);
  const older = number < taken(packed);
  const counts = {
    enrolled: 0,
    conflict: 0,
    refused: 0,
    'closed-before': 0,
    waiting: 0,
    'cancelled-here': 0,
  };
  const cancelledHere: string[] = [];
  for (let from = 0; from < results.length; from += RESULTS_AT_ONCE)
    core.ledger.transaction(() => {
      for (const result of results.slice(from, from + RESULTS_AT_ONCE)) {
        const outcome = apply(core, result, manifest, older);
        counts[outcome] += 1;
        if (outcome === 'cancelled-here') cancelledHere.push(result.entryId);
      }
    });
  core.ledger.transaction(() => {
    followKey(core, letter);
    // Read again: another process may have taken a newer one meanwhile.
    if (number <= taken(courierPacked.get(bundle.bundleId)!)) return;
    courierPacked.noteReceipt(bundle.bundleId, number, manifest.origin);
    core.audit.append(core.identity, personOf(core.ledger, request.account, core.clock.read().at), {
      type: 'courier',
      data: {
        change: 'receipt-taken',
        origin: manifest.origin,
        bundleId: bundle.bundleId,
        sequence: bundle.sequence,
        sha256: bundle.sha256,
        receiptId: manifest.receiptId,
        entries: results.length,
        outcomes: { ...counts },
      },
    });
  });
  return {
    receiptId: manifest.receiptId,
    number,
    bundleId: bundle.bundleId,
    sequence: bundle.sequence,
    origin: manifest.origin,
    counts,
    older,
    cancelledHere,
  };
}

/** Inside a transaction. */
function apply(
  core: StationCore,
  result: ReceiptResult,
  manifest: ReceiptManifest,
  older: boolean,
): ReceiptOutcome {
  const row = core.ledger.outbox.get(result.entryId)!;
  if (result.outcome === 'waiting') return 'waiting';
  if (row.state === 'enrolled') return 'closed-before';
  if (row.state === 'cancelled') return result.outcome === 'enrolled' ? 'cancelled-here' : 'closed-before';
  if (result.outcome === 'enrolled') {
    if (row.waits_for !== null) return 'waiting';
    const { etag } = result;
    // Named when it was packed; the receiver may have been set to another DPS since.
    const dpsHost = row.dps_host ?? manifest.target.host;
    settle(core, row, { event: 'enrol', how: 'courier-receipt', etag, dpsHost });
    return 'enrolled';
  }
  // Stopped before, or said again by an older receipt after a person asked for another try.
  if (older || row.state === 'conflict' || row.state === 'quarantined') return 'closed-before';
  if (result.outcome === 'refused') {
    // Sent from here as well, with the answer lost: only DPS can tell (rule O3).
    if (row.state === 'sending') return 'waiting';
    const detail = `${result.reason}: ${result.detail}`;
    moveEntry(core, row, { event: 'quarantine', reason: 'courier-refused', detail });
    return 'refused';
  }
  if (row.waits_for !== null) return 'waiting';
  settle(core, row, { event: 'find-conflict', reason: result.reason, theirs: result.theirs });
  return 'conflict';
}

/** By the ways of the table: what settles was sent, and what is sent was in the queue. */
function settle(core: StationCore, row: OutboxRow, end: EntryMove): void {
  const now = () => core.ledger.outbox.get(row.entry_id)!;
  if (row.state === 'conflict' || row.state === 'quarantined') moveEntry(core, row, { event: 'retry' });
  if (now().state === 'queued')
    moveEntry(core, now(), { event: 'take', at: row.sent_at ?? core.clock.read().at });
  moveEntry(core, now(), end);
}
