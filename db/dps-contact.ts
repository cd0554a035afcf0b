/** When each DPS last answered, so that a status asked for without a connection can still say it. */
import type Database from 'better-sqlite3';
import { Statement } from './statement.ts';

export class DpsContactTable {
  readonly #put: Statement;
  readonly #get: Statement<{ last_contact: number }>;

  constructor(db: Database.Database) {
    this.#put = new Statement(
      db,
      `INSERT INTO dps_contact (dps_host, last_contact) VALUES (?, ?)
       ON CONFLICT (dps_host) DO UPDATE SET last_contact = max(last_contact, excluded.last_contact)`,
    );
    this.#get = new Statement(db, 'SELECT last_contact FROM dps_contact WHERE dps_host = ?');
  }

  /** @param at epoch milliseconds */
  put(dpsHost: string, at: number): void {
    this.#put.run(dpsHost, at);
  }

  get(dpsHost: string): number | undefined {
    return this.#get.get(dpsHost)?.last_contact;
  }
}
