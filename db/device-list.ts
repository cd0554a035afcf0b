/**
 * Devices in force, all or those of a work order, in the order of their recording: for files that list them. Reading goes
 * page by page with no statement left open, as in `audit-entry.ts`; a list ends with the device that was the last one
 * when it began.
 */
import type Database from 'better-sqlite3';
import type { DeviceRow, OutboxRow } from './rows.ts';
import { Statement } from './statement.ts';

export type ListedKeyRow = Pick<DeviceRow, 'registration_id' | 'endorsement_key'>;

export interface ListedEnrollmentRow extends ListedKeyRow {
  /** State of the newest outbox entry. */
  readonly enrollment: OutboxRow['state'] | null;
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

const devicesPerPage = 1024;

interface Pages<Row> {
  readonly all: Statement<Row>;
  readonly ofOrder: Statement<Row>;
}

export class DeviceLists {
  readonly #keys: Pages<ListedKeyRow>;
  readonly #enrollments: Pages<ListedEnrollmentRow>;
  readonly #through: Statement<{ number: number }>;

  constructor(db: Database.Database) {
    const pages = <Row>(columns: string, join: string): Pages<Row> => {
      const range = `retired_at IS NULL AND device.number > ? AND device.number <= ?
        AND device.created_at >= ? AND device.created_at < ? ORDER BY device.number`;
      const of = (from: string, where: string) =>
        new Statement<Row>(db, `SELECT ${columns} FROM ${from} ${join} WHERE ${where}${range}`);
      return {
        all: of('device', ''),
        ofOrder: of('device INDEXED BY device_by_work_order', 'work_order = ? AND '),
      };
    };
    const key = 'device.registration_id, endorsement_key';
    this.#keys = pages(key, '');
    this.#enrollments = pages(
      `${key}, newest.state AS enrollment,
        (SELECT document FROM outbox WHERE device_id = device.device_id AND operation = 'create' ORDER BY number DESC LIMIT 1)
          AS document`,
      `LEFT JOIN outbox AS newest
       ON newest.number = (SELECT max(number) FROM outbox WHERE device_id = device.device_id)`,
    );
    this.#through = new Statement(db, 'SELECT coalesce(max(number), 0) AS number FROM device');
  }

  /** Their names and keys alone, which costs a fraction. */
  keys(question: Omit<ListQuestion, 'enrollment'>): Generator<ListedKeyRow, void, undefined> {
    return this.#iterate(this.#keys, question);
  }

  /** With what they are enrolled by. */
  *enrollments(question: ListQuestion): Generator<ListedEnrollmentRow, void, undefined> {
    const { enrollment } = question;
    for (const row of this.#iterate(this.#enrollments, question))
      if (enrollment === undefined || row.enrollment === enrollment) yield row;
  }

  *#iterate<Row>(
    pages: Pages<Row>,
    { workOrder, since = 0, until = Number.MAX_SAFE_INTEGER }: ListQuestion,
  ): Generator<Row, void, undefined> {
    const through = this.#through.get()!.number;
    for (let from = 0; from < through; from += devicesPerPage) {
      const range = [from, Math.min(through, from + devicesPerPage), since, until];
      const page = workOrder === undefined ? pages.all.all(...range) : pages.ofOrder.all(workOrder, ...range);
      for (const row of page) yield row;
    }
  }
}
