/**
 * Holds what a ledger says of its archives against its log (rules A1, A3): the bytes of an entry are gone only where an archive
 * names it, every archive is told by an entry that a signed checkpoint covers, and which entries rest there, what their attempts
 * were and how their enrollments ended is what that entry binds. For all of this the archive's file is not needed.
 */
import type { JoinedHarvest } from '../../../db/audit-join.ts';
import type { Ledger } from '../../../db/ledger.ts';
import type { ArchiveRow, LogRow } from '../../../db/rows.ts';
import type { EntryFacts } from '../../audit/verify/scan-entry.ts';
import { Found, type RestingEntries } from '../../audit/verify/verdict.ts';
import { attemptLine, enrollmentLine, LinesDigest, runLine } from '../archive/archive-digests.ts';
import type { LedgerJoin } from './ledger-join.ts';

interface Seen {
  readonly row: ArchiveRow;
  readonly indexes: LinesDigest;
  readonly attempts: LinesDigest;
  entries: number;
  resting: number;
  isTold: boolean;
}

type Run = { readonly first: number; readonly last: number; readonly audit_index: number };

export class LogArchives {
  readonly #ledger: Ledger;
  readonly #join: LedgerJoin;
  /** Sizes that signed checkpoints cover. */
  readonly #signed: number;
  readonly #archives: ReadonlyMap<number, Seen>;
  readonly #runs: Generator<Run, void, undefined>;
  #run: Run | undefined;
  /** Whether the run was begun. */
  #begun = false;

  /** @param signed size of the largest checkpoint of the log that is signed */
  constructor(ledger: Ledger, log: LogRow, join: LedgerJoin, signed: number) {
    this.#ledger = ledger;
    this.#join = join;
    this.#signed = signed;
    const archives = ledger.archives.ofLog(log.log_id).map(row => ({
      row,
      indexes: new LinesDigest(),
      attempts: new LinesDigest(),
      entries: 0,
      resting: 0,
      isTold: false,
    }));
    this.#archives = new Map(archives.map(seen => [seen.row.audit_index, seen]));
    this.#runs = ledger.archives.runs(log.log_id);
    this.#run = this.#runs.next().value ?? undefined;
  }

  /** Each entry in its place. @param attempt what the table has of it @throws Found */
  entry(index: number, attempt: JoinedHarvest | undefined, isResting: boolean): void {
    const run = this.#run;
    if (!run || index < run.first) {
      if (!isResting) return;
      throw new Found(
        'entry-emptied',
        `entry ${index} has no bytes, and no archive says that it rests there`,
        {
          index,
        },
      );
    }
    const seen = this.#archives.get(run.audit_index);
    if (!seen || run.audit_index <= run.last)
      throw differs(
        run.first,
        `no archive has entries ${run.first} to ${run.last}, which are said to rest in one`,
      );
    if (!this.#begun) seen.indexes.add(runLine(run));
    this.#begun = index < run.last;
    if (attempt) seen.attempts.add(attemptLine(attempt));
    seen.entries += 1;
    if (isResting) seen.resting += 1;
    if (index === run.last) this.#run = this.#runs.next().value ?? undefined;
  }

  /** The entry that tells of an archive. @throws Found */
  told({ index, data }: EntryFacts): void {
    const seen = this.#archives.get(index);
    if (!seen) throw differs(index, `the table does not have the archive that entry ${index} tells of`);
    seen.isTold = true;
    const { row } = seen;
    for (const [name, inRow, inEntry] of [
      ['work order', row.work_order, data.workOrder],
      ['file', row.file, data.file],
      ['SHA-256', row.sha256, data.sha256],
      ['bytes', row.bytes, data.bytes],
      ['size', row.size, data.size],
      ['number of entries', row.entries, data.entries],
      ['first entry', row.first, data.first],
      ['last entry', row.last, data.last],
      ['number of resting entries', seen.entries, data.entries],
      ['list of resting entries', seen.indexes.end(), data.indexes],
    ] as const)
      if (inRow !== inEntry)
        throw differs(index, `the ${name} of the archive is not what entry ${index} says`);
    if (this.#signed <= index)
      throw differs(index, `no signed checkpoint covers entry ${index}, which tells of an archive`);
    if (seen.attempts.end() !== data.attempts)
      throw new Found(
        'row-differs',
        `the attempts that rest in ${row.file} are not in the table as they were`,
        {
          index,
        },
      );
    const enrollments = new LinesDigest();
    for (const each of this.#ledger.archivedRows.entries(row.work_order, row.outbox_through)) {
      enrollments.add(enrollmentLine(each));
      this.#join.settled(each.entry_id, each.state);
    }
    if (enrollments.end() !== data.enrollments)
      throw new Found(
        'row-differs',
        `the enrollments of ${row.work_order} are not in the outbox as they were settled`,
        {
          index,
        },
      );
  }

  /** After the last entry. @throws Found */
  end(): void {
    for (const { row, isTold } of this.#archives.values())
      if (!isTold)
        throw differs(row.first, `no entry of the log tells of the archive ${row.file} that the table has`);
    if (this.#run)
      throw differs(
        this.#run.first,
        `entries from ${this.#run.first} are said to rest in an archive, and are not there`,
      );
  }

  /** What rests where. */
  view(): RestingEntries[] {
    return [...this.#archives.values()].map(({ row, resting }) => ({
      workOrder: row.work_order,
      file: row.file,
      sha256: row.sha256,
      entries: row.entries,
      resting,
    }));
  }
}

function differs(index: number, what: string): Found {
  return new Found('archive-differs', what, { index });
}
