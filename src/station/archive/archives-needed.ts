/** Which archives must be given for what somebody asks of the log, and a refusal that names them: what rests there is not missing. */
import type { Ledger } from '../../../db/ledger.ts';
import type { ArchiveRow } from '../../../db/rows.ts';
import { StationError } from '../errors.ts';
import type { GivenArchives } from './resting-bytes.ts';

const named = 3;

/**
 * @param orders those of which entries are shown; undefined: of all
 * @returns the archives of the log that have such entries
 * @throws StationError `entries-archived` where one of them was not given
 */
export function archivesNeeded(
  ledger: Ledger,
  logId: string,
  given: GivenArchives,
  orders?: ReadonlySet<string>,
): ArchiveRow[] {
  const needed = ledger.archives
    .ofLog(logId)
    .filter(({ work_order }) => orders === undefined || orders.has(work_order));
  const missing = needed.filter(({ sha256 }) => !given.has(sha256));
  if (missing.length === 0) return needed;
  const first = missing
    .slice(0, named)
    .map(
      ({ entries, work_order, file, sha256 }) =>
        `${entries} entries of ${work_order} in ${file} (SHA-256 ${sha256})`,
    );
  const more = missing.length > named ? [`and ${missing.length - named} archives more`] : [];
  throw new StationError('entries-archived', [...first, ...more].join('; '));
}
