/**
 * Reads an archive back and holds what it shows against the ledger, entry for entry: each is the one whose leaf hash stands in
 * the tree, each attempt is what its row says, and which of them may lose their bytes here comes out as runs of indexes.
 */
import { setImmediate } from 'node:timers/promises';
import type { Ledger } from '../../../db/ledger.ts';
import type { ArchiveRun } from '../../../db/rows.ts';
import { AuditError } from '../../audit/errors.ts';
import { leafHash } from '../../audit/merkle.ts';
import { Found } from '../../audit/verify/verdict.ts';
import { attemptTypes, compareAttempt } from '../verify-ledger/attempt-of-entry.ts';
import { attemptLine, LinesDigest, runLine } from './archive-digests.ts';
import { ArchiveReader } from './archive-reader.ts';

/** What tells little stays readable in the ledger; the schema has the same list. */
const restingTypes: ReadonlySet<string> = new Set([...attemptTypes, 'enrollment']);
const entriesPerTurn = 500;

export interface ArchivedEntries {
  /** Of the file. */
  readonly bytes: number;
  readonly sha256: string;
  readonly entries: number;
  readonly runs: readonly ArchiveRun[];
  /** Digests, hex. */
  readonly indexes: string;
  readonly attempts: string;
}

/** @throws AuditError `log-damaged` where file and ledger do not say the same; `export-stopped` */
export async function readArchived(
  ledger: Ledger,
  logId: string,
  file: string,
  signal: AbortSignal | undefined,
): Promise<ArchivedEntries> {
  const reader = new ArchiveReader(file);
  const runs: { first: number; last: number }[] = [];
  const attempts = new LinesDigest();
  let entries = 0;
  let read = 0;
  try {
    for (let shown = reader.next(); shown; shown = reader.next()) {
      const { index, bytes } = shown;
      const row = ledger.audit.get(index, logId);
      if (!row || !leafHash(bytes).equals(row.leaf_hash))
        throw new AuditError('log-damaged', `entry ${index} of ${file} is not the one in the log`);
      const entry = JSON.parse(bytes.toString()) as ReadEntry;
      if (attemptTypes.has(entry.type)) attempts.add(attemptLine(attemptOf(ledger, logId, entry)));
      if (restingTypes.has(entry.type)) {
        entries += 1;
        const last = runs.at(-1);
        if (last?.last === index - 1) last.last = index;
        else runs.push({ first: index, last: index });
      }
      read += 1;
      if (read % entriesPerTurn !== 0) continue;
      if (signal?.aborted) throw new AuditError('export-stopped', 'stopped while reading the archive back');
      await setImmediate();
    }
    const indexes = new LinesDigest();
    for (const run of runs) indexes.add(runLine(run));
    return { ...reader.end(), entries, runs, indexes: indexes.end(), attempts: attempts.end() };
  } finally {
    reader.close();
  }
}

interface ReadEntry {
  readonly type: string;
  readonly index: number;
  readonly data: Readonly<Record<string, unknown>>;
}

function attemptOf(ledger: Ledger, logId: string, { type, index, data }: ReadEntry) {
  const row = ledger.archivedRows.attempt(`${data.harvestId}`);
  if (row?.log_id !== logId || row.audit_index !== index)
    throw new AuditError('log-damaged', `the table has not the attempt of entry ${index}`);
  try {
    compareAttempt(row, { type, index, data });
  } catch (error) {
    if (error instanceof Found) throw new AuditError('log-damaged', error.message, { cause: error });
    throw error;
  }
  return row;
}
