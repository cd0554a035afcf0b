/** The machine that each log belongs to, as a digest; logs from before it was written down have none (rule A1). */
import type Database from 'better-sqlite3';
import { Statement } from './statement.ts';

export class LogMachineTable {
  readonly #insert: Statement;
  readonly #get: Statement<{ machine: string }>;

  constructor(db: Database.Database) {
    this.#insert = new Statement(db, 'INSERT INTO log_machine (log_id, machine) VALUES (?, ?)');
    this.#get = new Statement(db, 'SELECT machine FROM log_machine WHERE log_id = ?');
  }

  insert(logId: string, machine: string): void {
    this.#insert.run(logId, machine);
  }

  get(logId: string): string | undefined {
    return this.#get.get(logId)?.machine;
  }
}
