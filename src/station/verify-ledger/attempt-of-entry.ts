/** Whether an attempt's row says what its entry says: where the two are held against each other, and before an entry is archived. */
import type { JoinedHarvest } from '../../../db/audit-join.ts';
import type { EntryFacts } from '../../audit/verify/scan-entry.ts';
import { Found } from '../../audit/verify/verdict.ts';

/** Entries that were written with a row of `harvest`. */
export const attemptTypes: ReadonlySet<string> = new Set(['harvest', 'import', 'decision']);

/** @throws Found `row-differs` */
export function compareAttempt(
  row: JoinedHarvest,
  { index, type, data }: Pick<EntryFacts, 'index' | 'type' | 'data'>,
): void {
  const certificate = (data.certificate ?? {}) as { status?: unknown; sha256?: unknown };
  const what = `attempt ${row.harvest_id}`;
  same(index, what, {
    'its id': [row.harvest_id, data.harvestId],
    origin: [row.origin, type === 'import' ? 'imported' : type === 'harvest' ? 'harvested' : row.origin],
    serial: [row.serial, data.serial],
    product: [row.product, data.product],
    'work order': [row.work_order, data.workOrder],
    verdict: [row.verdict, data.verdict],
    code: [row.code, data.code],
    'digest of the key': [row.ek_sha256, data.ekSha256],
    'registration id': [row.registration_id, data.registrationId],
  });
  // An import brings no certificate.
  if (type !== 'import')
    same(index, what, { 'state of the certificate': [row.certificate_status, certificate.status] });
  if (certificate.sha256 !== undefined)
    same(index, what, { 'digest of the certificate': [row.certificate_sha256, certificate.sha256] });
}

/** Null in a row is what an entry leaves out or has as null. */
export function same(
  index: number,
  what: string,
  pairs: Readonly<Record<string, readonly [inRow: unknown, inEntry: unknown]>>,
): void {
  for (const [name, [inRow, inEntry]] of Object.entries(pairs))
    if ((inRow ?? null) !== (inEntry ?? null))
      throw new Found('row-differs', `${what}: ${name} is not what entry ${index} says`, { index });
}
