/**
 * What the entry that tells of an archive binds besides its file: which entries rest in it, and the rows of the attempts and
 * enrollments that they tell of. So a ledger verifies without the file, to the last row: of what is settled none ever changes.
 * Each is a SHA-256 over lines (../../audit/README.md has their form).
 */
import { createHash } from 'node:crypto';
import type { OrderEntryRow } from '../../../db/archived-rows.ts';
import type { JoinedHarvest } from '../../../db/audit-join.ts';
import type { ArchiveRun } from '../../../db/rows.ts';

/** A digest over lines, each an RFC 8785 array, that are given one by one. */
export class LinesDigest {
  readonly #hash = createHash('sha256');

  add(line: readonly (string | number | null)[]): void {
    this.#hash.update(`${JSON.stringify(line)}\n`);
  }

  /** Hex; once. */
  end(): string {
    return this.#hash.digest('hex');
  }
}

export const runLine = ({ first, last }: ArchiveRun) => [first, last];

export const attemptLine = (row: JoinedHarvest) => [
  row.audit_index,
  row.harvest_id,
  row.origin,
  row.serial,
  row.product,
  row.work_order,
  row.verdict,
  row.code,
  row.ek_sha256,
  row.registration_id,
  row.certificate_status,
  row.certificate_sha256,
];

export const enrollmentLine = (row: OrderEntryRow) => [
  row.entry_id,
  row.operation,
  row.registration_id,
  row.harvest_id,
  row.state,
];
