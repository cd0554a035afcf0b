/** Running numbers (requests, throttled, what was created …) that are told without counting rows. */
import type Database from 'better-sqlite3';

export class Totals {
  static readonly schema =
    'CREATE TABLE IF NOT EXISTS total (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;';
  readonly #add: Database.Statement;
  readonly #of: Database.Statement<[string], { count: number }>;

  constructor(db: Database.Database) {
    this.#add = db.prepare(
      `INSERT INTO total (name, count) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET count = count + excluded.count`,
    );
    this.#of = db.prepare('SELECT count FROM total WHERE name = ?');
  }

  /** Part of the transaction that is open, else one of its own. */
  add(name: string, by: number): void {
    this.#add.run(name, by);
  }

  of(name: string): number {
    return this.#of.get(name)?.count ?? 0;
  }
}
