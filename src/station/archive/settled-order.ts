/**
 * Whether a work order may be archived: closed, and nothing of it open. What waits for DPS, is on its way, in conflict or in
 * quarantine would go on in entries that the file does not have; certificate debt is a promise that somebody still owes, and is
 * archived only where a person says so.
 */
import type { WorkOrderRow } from '../../../db/rows.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { quoteText } from '../quote-text.ts';
import { enrollmentLine, LinesDigest } from './archive-digests.ts';

export interface SettledOrder {
  /** Row of the outbox up to which all of the order is settled. */
  readonly outboxThrough: number;
  /** Digest of what the outbox has for it up to there. */
  readonly enrollments: string;
  /** Devices in certificate debt. */
  readonly inDebt: number;
}

/** @throws StationError `work-order-unknown`, `work-order-open` */
export function closedOrder(
  core: StationCore,
  workOrder: string,
): WorkOrderRow & { readonly closed_at: number } {
  const row = core.ledger.workOrders.get(workOrder);
  if (!row) throw new StationError('work-order-unknown', quoteText(workOrder, 80));
  const { closed_at } = row;
  if (closed_at === null) throw new StationError('work-order-open', quoteText(workOrder, 80));
  return { ...row, closed_at };
}

/** @throws StationError `work-order-unsettled`, `work-order-in-debt` */
export function settledOrder(core: StationCore, workOrder: string, acceptDebt: boolean): SettledOrder {
  const { archivedRows } = core.ledger;
  const outboxThrough = archivedRows.outboxThrough();
  const digest = new LinesDigest();
  const open: Record<string, number> = {};
  for (const row of archivedRows.entries(workOrder, outboxThrough)) {
    digest.add(enrollmentLine(row));
    if (row.state !== 'enrolled' && row.state !== 'cancelled') open[row.state] = (open[row.state] ?? 0) + 1;
  }
  const counts = Object.entries(open).map(([state, count]) => `${count} ${state}`);
  if (counts.length > 0)
    throw new StationError('work-order-unsettled', `of ${quoteText(workOrder, 80)}: ${counts.join(', ')}`);
  const inDebt = archivedRows.inDebt(workOrder);
  if (inDebt > 0 && !acceptDebt)
    throw new StationError('work-order-in-debt', `${inDebt} devices of ${quoteText(workOrder, 80)}`);
  return { outboxThrough, enrollments: digest.end(), inDebt };
}

/** In the transaction that archives: nothing of it came since. @throws StationError `work-order-unsettled` */
export function refuseUnsettledSince(
  core: StationCore,
  workOrder: string,
  { outboxThrough }: SettledOrder,
): void {
  const state = core.ledger.archivedRows.unsettledSince(workOrder, outboxThrough);
  if (state === undefined) return;
  throw new StationError('work-order-unsettled', `of ${quoteText(workOrder, 80)}, since just now: ${state}`);
}
