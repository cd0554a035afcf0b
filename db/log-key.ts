/** Keys that took the place of a log's first one, in their order; the newest signs (rules A1, A2). */
import type Database from 'better-sqlite3';
import type { LogKeyRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = ['log_id', 'idx', 'verifier_key', 'note'] as const satisfies (keyof LogKeyRow)[];

export class LogKeyTable {
  readonly #insert: Statement;
  readonly #ofLog: Statement<LogKeyRow>;
  readonly #newest: Statement<LogKeyRow>;

  constructor(db: Database.Database) {
    this.#insert = new Statement(db, insertSql('log_key', columns));
    this.#ofLog = new Statement(db, `SELECT ${columns} FROM log_key WHERE log_id = ? ORDER BY idx`);
    this.#newest = new Statement(
      db,
      `SELECT ${columns} FROM log_key WHERE log_id = ? ORDER BY idx DESC LIMIT 1`,
    );
  }

  /** Inside the transaction that appends its entry. */
  insert(row: LogKeyRow): void {
    this.#insert.insert(row);
  }

  /** First exchange first. */
  ofLog(logId: string): LogKeyRow[] {
    return this.#ofLog.all(logId);
  }

  /** Undefined while the log's first key signs. */
  newest(logId: string): LogKeyRow | undefined {
    return this.#newest.get(logId);
  }
}
