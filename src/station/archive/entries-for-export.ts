/** The entries of a log for an export: those that rest in archives from the files that were given, or as hashes where not selected. */
import type { Ledger } from '../../../db/ledger.ts';
import type { LogRow } from '../../../db/rows.ts';
import { AuditError } from '../../audit/errors.ts';
import { StationError } from '../errors.ts';
import { archivesNeeded } from './archives-needed.ts';
import { type GivenArchives, RestingBytes } from './resting-bytes.ts';

/**
 * @param workOrder the order of which alone entries are selected
 * @throws StationError `entries-archived` at once where a file is needed that was not given; AuditError `log-damaged`
 */
export function entriesForExport(
  ledger: Ledger,
  log: Pick<LogRow, 'log_id'>,
  { size, workOrder, given }: { size: number; workOrder: string | undefined; given: GivenArchives },
): Generator<{ entry: Buffer | undefined; leaf_hash: Buffer }, void, undefined> {
  archivesNeeded(ledger, log.log_id, given, workOrder === undefined ? undefined : new Set([workOrder]));
  return entries(ledger, log, { size, workOrder, given });
}

function* entries(
  ledger: Ledger,
  log: Pick<LogRow, 'log_id'>,
  { size, workOrder, given }: { size: number; workOrder: string | undefined; given: GivenArchives },
): Generator<{ entry: Buffer | undefined; leaf_hash: Buffer }, void, undefined> {
  const resting = new RestingBytes(ledger, log, given);
  try {
    for (const row of ledger.audit.iterate(0, size, log.log_id)) {
      const { idx, entry, leaf_hash } = row;
      if (entry.length > 0) {
        yield row;
        continue;
      }
      // Or archived while this export ran.
      const archive = resting.archiveOf(idx) ?? ledger.archives.covering(log.log_id, idx);
      if (archive && workOrder !== undefined && archive.work_order !== workOrder) {
        yield { entry: undefined, leaf_hash };
        continue;
      }
      const bytes = archive && resting.of(archive, idx);
      if (!bytes && archive)
        throw new StationError('entries-archived', `entry ${idx} rests in ${archive.file}`);
      if (!bytes) throw new AuditError('log-damaged', `entry ${idx} has no bytes, and no archive has them`);
      yield { entry: bytes, leaf_hash };
    }
  } finally {
    resting.close();
  }
}
