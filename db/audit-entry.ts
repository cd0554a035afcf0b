/**
 * The append-only audit log. Reading goes page by page with no statement left open: an open one would block every
 * write on the same connection for as long as an export lasts. Rows never change, so pages fit together.
 */
import type Database from 'better-sqlite3';
import type { AuditEntryRow } from './rows.ts';
import { Statement } from './statement.ts';

const rowsPerPage = 256;
const hashesPerPage = 4096;

export class AuditEntryTable {
  readonly #db: Database.Database;
  readonly #append: Statement;
  readonly #size: Statement<{ size: number }>;
  readonly #get: Statement<AuditEntryRow>;
  readonly #page: Statement<AuditEntryRow>;
  readonly #hashes: Statement<{ leaf_hash: Buffer }>;
  readonly #currentLog: Statement<{ log_id: string }>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#append = new Statement(
      db,
      'INSERT INTO audit_entry (idx, log_id, entry, leaf_hash) VALUES (?, ?, ?, ?)',
    );
    this.#size = new Statement(
      db,
      'SELECT coalesce(max(idx), -1) + 1 AS size FROM audit_entry WHERE log_id = ?',
    );
    const columns = 'idx, entry, leaf_hash';
    this.#get = new Statement(db, `SELECT ${columns} FROM audit_entry WHERE log_id = ? AND idx = ?`);
    const range = 'FROM audit_entry WHERE log_id = ? AND idx >= ? AND idx < ? ORDER BY idx LIMIT ?';
    this.#page = new Statement(db, `SELECT ${columns} ${range}`);
    this.#hashes = new Statement(db, `SELECT leaf_hash ${range}`);
    this.#currentLog = new Statement(db, 'SELECT log_id FROM log ORDER BY number DESC LIMIT 1');
  }

  /**
   * The index that the next entry of the current log gets; holds only inside a transaction.
   * @param logId the log that is meant, where it must not have become another one
   */
  nextIndex(logId?: string): number {
    if (!this.#db.inTransaction) throw new Error('the next index is only certain inside a transaction');
    const current = this.#logId();
    if (logId !== undefined && logId !== current) throw new Error(`the log is ${current} now, not ${logId}`);
    return this.size(current);
  }

  /**
   * Appends to the current log, inside a transaction.
   * @param idx what `nextIndex` said in this transaction; the schema takes no other
   * @returns the 0-based index of the entry
   */
  append(row: Pick<AuditEntryRow, 'entry' | 'leaf_hash'>, idx: number = this.nextIndex()): number {
    this.#append.run(idx, this.#logId(), row.entry, row.leaf_hash);
    return idx;
  }

  /** Entries in a log, the current one where none is named. */
  size(logId: string = this.#logId()): number {
    return this.#size.get(logId)!.size;
  }

  get(idx: number, logId: string = this.#logId()): AuditEntryRow | undefined {
    return this.#get.get(logId, idx);
  }

  /** Entries from `from` up to but without `to` (default: as many as there are now), in order. */
  *iterate(from = 0, to?: number, logId: string = this.#logId()): Generator<AuditEntryRow, void, undefined> {
    const end = to ?? this.size(logId);
    for (let next = from; next < end; ) {
      const page = this.#page.all(logId, next, end, rowsPerPage);
      if (page.length === 0) return;
      for (const row of page) yield row;
      next = page.at(-1)!.idx + 1;
    }
  }

  /** The stored leaf hashes of entries `from` up to but without `to`, in order. */
  *leafHashes(from = 0, to?: number, logId: string = this.#logId()): Generator<Buffer, void, undefined> {
    const end = to ?? this.size(logId);
    for (let next = from; next < end; ) {
      const page = this.#hashes.all(logId, next, end, hashesPerPage);
      if (page.length === 0) return;
      for (const { leaf_hash } of page) yield leaf_hash;
      next += page.length;
    }
  }

  #logId(): string {
    const log = this.#currentLog.get();
    if (!log) throw new Error('the ledger has no audit log yet');
    return log.log_id;
  }
}
