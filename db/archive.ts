/**
 * Archives of closed work orders, and the one change that an audit entry takes: its bytes go where an archive names it, its
 * leaf hash stays (migration 12). The schema refuses everything else.
 */
import type Database from 'better-sqlite3';
import type { ArchiveRow, ArchiveRun } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'log_id',
  'audit_index',
  'work_order',
  'file',
  'sha256',
  'bytes',
  'size',
  'entries',
  'first',
  'last',
  'outbox_through',
  'made_at',
] as const satisfies (keyof ArchiveRow)[];

const runsPerPage = 1024;

export class ArchiveTable {
  readonly #insert: Statement;
  readonly #insertRun: Statement;
  readonly #ofWorkOrder: Statement<ArchiveRow>;
  readonly #ofLog: Statement<ArchiveRow>;
  readonly #runs: Statement<ArchiveRun & { audit_index: number }>;
  readonly #covering: Statement<ArchiveRow>;
  readonly #letGo: Statement;
  readonly #withBytes: Statement<{ found: 1 }>;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM archive`;
    this.#insert = new Statement(db, insertSql('archive', columns));
    this.#insertRun = new Statement(
      db,
      'INSERT INTO archive_run (log_id, first, last, audit_index) VALUES (?, ?, ?, ?)',
    );
    this.#ofWorkOrder = new Statement(db, `${select} WHERE work_order = ? ORDER BY log_id, audit_index`);
    this.#ofLog = new Statement(db, `${select} WHERE log_id = ? ORDER BY audit_index`);
    this.#runs = new Statement(
      db,
      `SELECT first, last, audit_index FROM archive_run WHERE log_id = ? AND first >= ? AND first <= ? ORDER BY first LIMIT ?`,
    );
    this.#covering = new Statement(
      db,
      `${select} WHERE log_id = @log AND audit_index = (
         SELECT audit_index FROM archive_run WHERE log_id = @log AND last >= @idx
           AND first = (SELECT max(first) FROM archive_run WHERE log_id = @log AND first <= @idx))`,
    );
    this.#withBytes = new Statement(
      db,
      `SELECT 1 AS found FROM audit_entry WHERE log_id = ? AND idx >= ? AND idx <= ? AND entry <> x'' LIMIT 1`,
    );
    this.#letGo = new Statement(
      db,
      `UPDATE audit_entry SET entry = x'' WHERE log_id = ? AND idx >= ? AND idx <= ? AND entry <> x''`,
    );
  }

  /** In the transaction that appends the entry which tells of it, with the runs of its entries in order. */
  insert(row: ArchiveRow, runs: Iterable<ArchiveRun>): void {
    this.#insert.insert(row);
    for (const { first, last } of runs) this.#insertRun.run(row.log_id, first, last, row.audit_index);
  }

  ofWorkOrder(workOrder: string): ArchiveRow[] {
    return this.#ofWorkOrder.all(workOrder);
  }

  /** Oldest first. */
  ofLog(logId: string): ArchiveRow[] {
    return this.#ofLog.all(logId);
  }

  /** The archive that names this entry, whether its bytes are gone by now or not. */
  covering(logId: string, idx: number): ArchiveRow | undefined {
    return this.#covering.named({ log: logId, idx });
  }

  /** All runs of a log in order, with the index of the entry that tells of their archive. */
  *runs(
    logId: string,
    from = 0,
    to = Number.MAX_SAFE_INTEGER,
  ): Generator<ArchiveRun & { audit_index: number }, void, undefined> {
    for (let next = from; ; ) {
      const page = this.#runs.all(logId, next, to, runsPerPage);
      yield* page;
      if (page.length < runsPerPage) return;
      next = page.at(-1)!.first + 1;
    }
  }

  /**
   * Lets go of the bytes of entries `first` to `last`. @returns of how many that still had them
   * @throws LedgerError where no archive names one of them, or no checkpoint covers what tells of it
   */
  letGo(logId: string, { first, last }: ArchiveRun): number {
    return this.#letGo.run(logId, first, last);
  }

  /** Whether one of these entries still has its bytes here. */
  hasBytes(logId: string, { first, last }: ArchiveRun): boolean {
    return this.#withBytes.get(logId, first, last) !== undefined;
  }
}
