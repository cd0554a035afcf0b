/** The audit logs this ledger has had; the newest is the one that is written to (rule A1). */
import type Database from 'better-sqlite3';
import type { LogRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'log_id',
  'station_id',
  'origin',
  'verifier_key',
  'started_at',
] as const satisfies (keyof LogRow)[];

export class LogTable {
  readonly #insert: Statement;
  readonly #current: Statement<LogRow>;
  readonly #all: Statement<LogRow>;

  constructor(db: Database.Database) {
    this.#insert = new Statement(db, insertSql('log', columns));
    this.#current = new Statement(db, `SELECT ${columns} FROM log ORDER BY number DESC LIMIT 1`);
    this.#all = new Statement(db, `SELECT ${columns} FROM log ORDER BY number`);
  }

  /** Makes this the current log. */
  insert(row: LogRow): void {
    this.#insert.insert(row);
  }

  current(): LogRow | undefined {
    return this.#current.get();
  }

  /** Oldest first. */
  all(): LogRow[] {
    return this.#all.all();
  }
}
