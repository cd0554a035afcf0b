/** Signed heads of the audit log (rule A2). */
import type Database from 'better-sqlite3';
import type { CheckpointRow } from './rows.ts';
import { Statement } from './statement.ts';

const columns = 'log_id, size, note, made_at';

export class CheckpointTable {
  readonly #insert: Statement;
  readonly #latest: Statement<CheckpointRow>;
  readonly #ofLog: Statement<CheckpointRow>;

  constructor(db: Database.Database) {
    // Ed25519 is deterministic: a second checkpoint of the same size is the same note.
    this.#insert = new Statement(
      db,
      `INSERT INTO checkpoint (${columns}) SELECT @log_id, @size, @note, @made_at
       WHERE NOT EXISTS (SELECT 1 FROM checkpoint WHERE log_id = @log_id AND size = @size)`,
    );
    this.#latest = new Statement(
      db,
      `SELECT ${columns} FROM checkpoint WHERE log_id = ? ORDER BY size DESC LIMIT 1`,
    );
    this.#ofLog = new Statement(db, `SELECT ${columns} FROM checkpoint WHERE log_id = ? ORDER BY size`);
  }

  /** Keeps the first note of each size. */
  insert(row: CheckpointRow): void {
    this.#insert.insert(row);
  }

  latest(logId: string): CheckpointRow | undefined {
    return this.#latest.get(logId);
  }

  /** Smallest first. */
  ofLog(logId: string): CheckpointRow[] {
    return this.#ofLog.all(logId);
  }
}
