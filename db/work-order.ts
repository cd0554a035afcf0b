/** Work orders, and which of them the station works on. How many devices one has is kept by the schema's triggers. */
import type Database from 'better-sqlite3';
import type { WorkOrderRow } from './rows.ts';
import { Statement } from './statement.ts';

const columns =
  'work_order, product, quantity, target_per_hour, passed, opened_at, opened_by, closed_at, closed_by';

export type NewWorkOrderRow = Omit<WorkOrderRow, 'passed' | 'closed_at' | 'closed_by'>;

export class WorkOrderTable {
  readonly #open: Statement;
  readonly #get: Statement<WorkOrderRow>;
  readonly #current: Statement<WorkOrderRow>;
  readonly #newestOpen: Statement<WorkOrderRow>;
  readonly #newest: Statement<WorkOrderRow>;
  readonly #close: Statement;
  readonly #reopen: Statement;
  readonly #setQuantity: Statement;
  readonly #setAside: Statement;
  readonly #choose: Statement;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM work_order`;
    this.#open = new Statement(
      db,
      `INSERT INTO work_order (work_order, product, quantity, target_per_hour, passed, opened_at, opened_by)
       VALUES (@work_order, @product, @quantity, @target_per_hour,
         (SELECT count(*) FROM device INDEXED BY device_by_work_order WHERE work_order = @work_order AND retired_at IS NULL),
         @opened_at, @opened_by)`,
    );
    this.#get = new Statement(db, `${select} WHERE work_order = ?`);
    this.#current = new Statement(
      db,
      `${select} WHERE work_order = (SELECT work_order FROM current_work_order WHERE only_row = 1)`,
    );
    this.#newestOpen = new Statement(
      db,
      `${select} INDEXED BY work_order_open WHERE closed_at IS NULL ORDER BY number DESC LIMIT ?`,
    );
    this.#newest = new Statement(db, `${select} ORDER BY number DESC LIMIT ?`);
    this.#close = new Statement(
      db,
      'UPDATE work_order SET closed_at = ?, closed_by = ? WHERE work_order = ? AND closed_at IS NULL',
    );
    this.#reopen = new Statement(
      db,
      'UPDATE work_order SET closed_at = NULL, closed_by = NULL WHERE work_order = ? AND closed_at IS NOT NULL',
    );
    this.#setQuantity = new Statement(db, 'UPDATE work_order SET quantity = ? WHERE work_order = ?');
    this.#setAside = new Statement(db, 'DELETE FROM current_work_order WHERE only_row = 1');
    this.#choose = new Statement(db, 'INSERT INTO current_work_order (only_row, work_order) VALUES (1, ?)');
  }

  /** Devices that already name the order count from the start. */
  open(row: NewWorkOrderRow): void {
    this.#open.insert(row);
  }

  get(workOrder: string): WorkOrderRow | undefined {
    return this.#get.get(workOrder);
  }

  current(): WorkOrderRow | undefined {
    return this.#current.get();
  }

  /** Newest first. */
  newestOpen(limit: number): WorkOrderRow[] {
    return this.#newestOpen.all(limit);
  }

  /** Newest first, closed ones too. */
  newest(limit: number): WorkOrderRow[] {
    return this.#newest.all(limit);
  }

  /** The current order is none then. @returns false where it is closed already */
  close(workOrder: string, by: { readonly at: number; readonly personId: string }): boolean {
    return this.#close.run(by.at, by.personId, workOrder) === 1;
  }

  /** @returns false where it is open */
  reopen(workOrder: string): boolean {
    return this.#reopen.run(workOrder) === 1;
  }

  setQuantity(workOrder: string, quantity: number | null): void {
    this.#setQuantity.run(quantity, workOrder);
  }

  /** An open order, in place of the one before; call it within a transaction. */
  choose(workOrder: string): void {
    this.#setAside.run();
    this.#choose.run(workOrder);
  }

  /** @returns false where none was chosen */
  setAside(): boolean {
    return this.#setAside.run() === 1;
  }
}
