/**
 * The two indexes that only searches need, parts of serials and the time of recording, filled behind the records: no
 * harvest waits for them. They hold every device up to `through()`; `fill` takes in the next ones.
 */
import type Database from 'better-sqlite3';
import { Statement } from './statement.ts';

export class DeviceIndex {
  readonly #through: Statement<{ through: number }>;
  readonly #end: Statement<{ end: number | null; devices: number }>;
  readonly #serials: Statement;
  readonly #times: Statement;
  readonly #advance: Statement;

  constructor(db: Database.Database) {
    this.#through = new Statement(db, 'SELECT through FROM device_index');
    this.#end = new Statement(
      db,
      `SELECT max(number) AS end, count(*) AS devices FROM
         (SELECT number FROM device WHERE number > ? ORDER BY number LIMIT ?)`,
    );
    const slice = 'FROM device WHERE number > ? AND number <= ?';
    this.#serials = new Statement(
      db,
      `INSERT INTO device_serial_part (rowid, serial) SELECT number, serial ${slice} AND serial IS NOT NULL ORDER BY number`,
    );
    this.#times = new Statement(db, `INSERT INTO device_time SELECT created_at, number ${slice}`);
    this.#advance = new Statement(db, 'UPDATE device_index SET through = ?');
  }

  /** The number of the last device that is in them. */
  through(): number {
    return this.#through.get()!.through;
  }

  /** Inside a transaction. @returns how many devices were taken in, at most `limit` */
  fill(limit: number): number {
    const from = this.through();
    const { end, devices } = this.#end.get(from, limit)!;
    if (end === null) return 0;
    this.#serials.run(from, end);
    this.#times.run(from, end);
    this.#advance.run(end);
    return devices;
  }
}
