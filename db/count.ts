/** Counts kept by triggers in the same transaction as the rows, so that no screen ever scans a table for a number. */
import type Database from 'better-sqlite3';
import type { OutboxRow } from './rows.ts';
import { Statement } from './statement.ts';

export type OutboxCounts = Readonly<Record<OutboxRow['state'], number>> & {
  /** Settled entries of other operations than create; `enrolled` counts creates. */
  readonly changed: number;
  /** Of `queued`: those behind an entry that is not settled. */
  readonly held: number;
};

export class CountTable {
  readonly #one: Statement<{ n: number }>;

  constructor(db: Database.Database) {
    this.#one = new Statement(db, 'SELECT n FROM count WHERE name = ?');
  }

  /** In force and retired. */
  devices(): number {
    return this.#of('devices');
  }

  /** Of all devices: those that left service. */
  retiredDevices(): number {
    return this.#of('devices-retired');
  }

  /** Attempts of every outcome, imports included. */
  harvests(): number {
    return this.#of('harvests');
  }

  /** Devices in force that are in certificate debt. */
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
      cancelled: this.#of('outbox:cancelled'),
      changed: this.#of('outbox:changed'),
      held: this.#of('outbox:held'),
    };
  }

  #of(name: string): number {
    return this.#one.get(name)!.n;
  }
}
