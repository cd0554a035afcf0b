/**
 * Devices in force, all or those of a work order, in the order of their recording: for files that list them. Reading goes
 * page by page with no statement left open, as in `audit-entry.ts`; a list ends with the device that was the last one
 * when it began.
 */
import type Database from 'better-sqlite3';
import type { DeviceRow, OutboxRow } from './rows.ts';
import { Statement } from './statement.ts';

export interface ListedDeviceRow
  extends Pick<
    DeviceRow,
    | 'device_id'
    | 'serial'
    | 'product'
    | 'origin'
    | 'registration_id'
    | 'endorsement_key'
    | 'certificate_debt'
    | 'harvest_id'
    | 'created_at'
  > {
  readonly number: number;
  /** State and operation of the newest outbox entry. */
  readonly enrollment: OutboxRow['state'] | null;
  readonly operation: OutboxRow['operation'] | null;
  readonly reason: string | null;
  /** JSON text of its newest create: every device began with one. */
  readonly document: string;
}

export interface ListQuestion {
  readonly workOrder?: string | undefined;
  /** Recorded from `since` up to but without `until`, epoch milliseconds. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** State of the newest outbox entry. */
  readonly enrollment?: OutboxRow['state'] | undefined;
}

const rowsPerPage = 512;

export class DeviceLists {
  readonly #all: Statement<ListedDeviceRow>;
  readonly #ofOrder: Statement<ListedDeviceRow>;
  readonly #through: Statement<{ number: number }>;

  constructor(db: Database.Database) {
    const newest = (column: string) =>
      `(SELECT ${column} FROM outbox WHERE device_id = device.device_id ORDER BY number DESC LIMIT 1) AS`;
    const select = `SELECT number, device_id, serial, product, origin, registration_id, endorsement_key, certificate_debt,
        harvest_id, created_at, ${newest('state')} enrollment, ${newest('operation')} operation, ${newest('reason')} reason,
        (SELECT document FROM outbox WHERE device_id = device.device_id AND operation = 'create' ORDER BY number DESC LIMIT 1)
          AS document`;
    const range = 'retired_at IS NULL AND number > ? AND number <= ? ORDER BY number LIMIT ?';
    this.#all = new Statement(db, `${select} FROM device WHERE ${range}`);
    this.#ofOrder = new Statement(
      db,
      `${select} FROM device INDEXED BY device_by_work_order WHERE work_order = ? AND ${range}`,
    );
    this.#through = new Statement(db, 'SELECT coalesce(max(number), 0) AS number FROM device');
  }

  *iterate(question: ListQuestion): Generator<ListedDeviceRow, void, undefined> {
    const { workOrder, since = 0, until = Number.MAX_SAFE_INTEGER, enrollment } = question;
    const through = this.#through.get()!.number;
    for (let after = 0; ; ) {
      const page =
        workOrder === undefined
          ? this.#all.all(after, through, rowsPerPage)
          : this.#ofOrder.all(workOrder, after, through, rowsPerPage);
      for (const row of page) {
        const within = row.created_at >= since && row.created_at < until;
        if (within && (enrollment === undefined || row.enrollment === enrollment)) yield row;
      }
      if (page.length < rowsPerPage) return;
      after = page.at(-1)!.number;
    }
  }
}
