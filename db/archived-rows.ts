/**
 * The rows of a work order beside its entries, in an order that never changes: attempts as their entries name them, and what
 * the outbox had for its devices. Of what is settled no row ever changes, so a digest over them can be made again years later.
 */
import type Database from 'better-sqlite3';
import { type JoinedHarvest, joinedHarvest } from './audit-join.ts';
import type { OutboxRow } from './rows.ts';
import { Statement } from './statement.ts';

export type OrderEntryRow = Pick<
  OutboxRow,
  'entry_id' | 'registration_id' | 'harvest_id' | 'operation' | 'state' | 'settled_at'
> & { readonly device: number; readonly number: number };

const rowsPerPage = 512;

export class ArchivedRows {
  readonly #attempt: Statement<JoinedHarvest>;
  readonly #entries: Statement<OrderEntryRow>;
  readonly #newest: Statement<{ number: number }>;
  readonly #unsettledSince: Statement<{ state: OutboxRow['state'] }>;
  readonly #inDebt: Statement<{ n: number }>;

  constructor(db: Database.Database) {
    this.#attempt = new Statement(db, `${joinedHarvest} WHERE harvest_id = ?`);
    this.#entries = new Statement(
      db,
      `SELECT device.number AS device, outbox.number AS number, entry_id, outbox.registration_id, outbox.harvest_id, operation,
         state, settled_at
       FROM device INDEXED BY device_by_work_order CROSS JOIN outbox INDEXED BY outbox_by_device USING (device_id)
       WHERE work_order = @order AND device.number >= @device AND (device.number > @device OR outbox.number > @number)
         AND outbox.number <= @through
       ORDER BY device.number, outbox.number LIMIT ${rowsPerPage}`,
    );
    this.#newest = new Statement(db, 'SELECT coalesce(max(number), 0) AS number FROM outbox');
    this.#unsettledSince = new Statement(
      db,
      `SELECT state FROM outbox CROSS JOIN device USING (device_id)
       WHERE outbox.number > ? AND work_order = ? AND state NOT IN ('enrolled', 'cancelled') LIMIT 1`,
    );
    this.#inDebt = new Statement(
      db,
      `SELECT count(*) AS n FROM device INDEXED BY device_by_work_order
       WHERE work_order = ? AND certificate_debt = 1 AND retired_at IS NULL`,
    );
  }

  attempt(harvestId: string): JoinedHarvest | undefined {
    return this.#attempt.get(harvestId);
  }

  /** What the outbox has for devices of an order, by device and then in order, up to a row of the outbox. */
  *entries(workOrder: string, through: number): Generator<OrderEntryRow, void, undefined> {
    for (let [device, number] = [0, 0]; ; ) {
      const page = this.#entries.allNamed({ order: workOrder, device, number, through });
      yield* page;
      const last = page.at(-1);
      if (page.length < rowsPerPage || !last) return;
      ({ device, number } = last);
    }
  }

  /** The newest row of the outbox; 0 where it has none. */
  outboxThrough(): number {
    return this.#newest.get()!.number;
  }

  /** The state of an entry behind that row which is of the order and is not settled. */
  unsettledSince(workOrder: string, through: number): OutboxRow['state'] | undefined {
    return this.#unsettledSince.get(through, workOrder)?.state;
  }

  /** Devices in force of the order whose certificate is owed. */
  inDebt(workOrder: string): number {
    return this.#inDebt.get(workOrder)!.n;
  }
}
