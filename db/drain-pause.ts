/** Whether a person holds back what goes to DPS, for every process on this ledger. */
import type Database from 'better-sqlite3';
import type { DrainPauseRow } from './rows.ts';
import { Statement } from './statement.ts';

export class DrainPauseTable {
  readonly #get: Statement<DrainPauseRow>;
  readonly #begin: Statement;
  readonly #end: Statement;

  constructor(db: Database.Database) {
    this.#get = new Statement(db, 'SELECT since, person_id, reason FROM drain_pause WHERE only_row = 1');
    this.#begin = new Statement(
      db,
      'INSERT OR IGNORE INTO drain_pause (only_row, since, person_id, reason) VALUES (1, ?, ?, ?)',
    );
    this.#end = new Statement(db, 'DELETE FROM drain_pause WHERE only_row = 1');
  }

  /** Undefined while nobody holds anything back. */
  get(): DrainPauseRow | undefined {
    return this.#get.get();
  }

  /** @returns false where somebody had done it already: theirs stays */
  begin({ since, person_id, reason }: DrainPauseRow): boolean {
    return this.#begin.run(since, person_id, reason) === 1;
  }

  /** @returns false where nobody held anything back */
  end(): boolean {
    return this.#end.run() === 1;
  }
}
