/**
 * Devices in force, all or those of a work order, in the order of their recording: for files that list them. Reading goes
 * page by page with no statement left open, as in `audit-entry.ts`; a list ends with the device that was the last one
 * when it began.
 */
import type Database from 'better-sqlite3';
import type { DeviceRow, OutboxRow } from './rows.ts';
import { Statement } from './statement.ts';

export interface ListedKeyRow extends Pick<DeviceRow, 'registration_id' | 'endorsement_key' | 'created_at'> {
  readonly number: number;
}

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

const rowsPerPage = 512;

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
      const range =
        'retired_at IS NULL AND device.number > ? AND device.number <= ? ORDER BY device.number LIMIT ?';
      const of = (from: string, where: string) =>
        new Statement<Row>(db, `SELECT ${columns} FROM ${from} ${join} WHERE ${where}${range}`);
      return {
        all: of('device', ''),
        ofOrder: of('device INDEXED BY device_by_work_order', 'work_order = ? AND '),
      };
    };
    const named = 'device.number, device.registration_id, device.created_at';
    const newest = `LEFT JOIN outbox AS newest
       ON newest.number = (SELECT max(number) FROM outbox WHERE device_id = device.device_id)`;
    this.#keys = pages(`${named}, endorsement_key`, '');
    this.#enrollments = pages(
      `${named}, endorsement_key, newest.state AS enrollment,
        (SELECT document FROM outbox WHERE device_id = device.device_id AND operation = 'create' ORDER BY number DESC LIMIT 1)
          AS document`,
      newest,
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

  *#iterate<Row extends { readonly number: number; readonly created_at: number }>(
    pages: Pages<Row>,
    { workOrder, since = 0, until = Number.MAX_SAFE_INTEGER }: ListQuestion,
  ): Generator<Row, void, undefined> {
    const through = this.#through.get()!.number;
    for (let after = 0; ; ) {
      const page =
        workOrder === undefined
          ? pages.all.all(after, through, rowsPerPage)
          : pages.ofOrder.all(workOrder, after, through, rowsPerPage);
      for (const row of page) if (row.created_at >= since && row.created_at < until) yield row;
      if (page.length < rowsPerPage) return;
      after = page.at(-1)!.number;
    }
  }
}
