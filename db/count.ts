/** Counts kept by triggers in the same transaction as the rows, so that no screen ever scans a table for a number. */
import type Database from 'better-sqlite3';
import type { OutboxRow } from './rows.ts';
import { Statement } from './statement.ts';

export type OutboxCounts = Readonly<Record<OutboxRow['state'], number>>;

export class CountTable {
  readonly #one: Statement<{ n: number }>;

  constructor(db: Database.Database) {
    this.#one = new Statement(db, 'SELECT n FROM count WHERE name = ?');
  }

  devices(): number {
    return this.#of('devices');
  }

  /** Attempts of every outcome, imports included. */
  harvests(): number {
    return this.#of('harvests');
  }

  /** Devices in certificate debt. */
  certificateDebt(): number {
    return this.#of('certificate-debt');
  }

  outbox(): OutboxCounts {
    return {
      queued: this.#of('outbox:queued'),
      sending: this.#of('outbox:sending'),
      enrolled: this.#of('outbox:enrolled'),
      conflict: this.#of('outbox:conflict'),
      quarantined: this.#of('outbox:quarantined'),
    };
  }

  #of(name: string): number {
    return this.#one.get(name)!.n;
  }
}
