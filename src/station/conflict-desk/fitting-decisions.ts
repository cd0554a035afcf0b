/** Which decisions an entry takes as it is (rules S1, O8). Pure, so that a screen offers what the core takes and nothing else. */
import type { OutboxRow } from '../../../db/rows.ts';
import { canBeCancelled } from '../queue/request-entry.ts';
import { type Decision, decisions } from './decisions.ts';
import { theirRecord } from './their-record.ts';

export function decisionsFor(row: OutboxRow): Decision[] {
  return decisions.filter(decision => fits[decision](row));
}

const fits: Readonly<Record<Decision, (row: OutboxRow) => boolean>> = {
  keep: row => isConflict(row, 'clone-elsewhere', 'unknown-origin', 'other-endorsement-key'),
  replace: row =>
    isConflict(row, 'gone-from-dps') ||
    (bringsWholeDocument(row) &&
      isConflict(row, 'clone-elsewhere', 'unknown-origin', 'other-endorsement-key') &&
      theirRecord(row)?.etag !== undefined),
  // Of the same key a second enrollment would make two devices of one TPM.
  'new-id': row => bringsWholeDocument(row) && isConflict(row, 'other-endorsement-key'),
  cancel: canBeCancelled,
  // What is enrolled there and only to be changed belongs there.
  retarget: row => row.operation === 'create' && row.state === 'quarantined' && row.reason === 'other-dps',
};

function isConflict(row: OutboxRow, ...reasons: readonly string[]): boolean {
  return row.state === 'conflict' && reasons.includes(row.reason ?? '');
}

/** A create, or what a decision to replace made of one. */
export function bringsWholeDocument({ operation, over_etag }: OutboxRow): boolean {
  return operation === 'create' || (operation === 'update' && over_etag !== null);
}
