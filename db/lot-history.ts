/**
 * What was tried for a work order, and which of its devices left service: for the papers of a lot. Attempts have no index
 * by work order, which would cost every record: they are read through slice by slice, inside SQLite and with no statement
 * left open in between.
 */
import type Database from 'better-sqlite3';
import type { DeviceRow, HarvestRow } from './rows.ts';
import { Statement } from './statement.ts';

export type LotAttemptRow = Pick<HarvestRow, 'at' | 'serial' | 'product' | 'verdict' | 'code'>;
export type LotRetiredRow = Pick<DeviceRow, 'serial' | 'registration_id' | 'created_at'> & {
  readonly number: number;
  readonly retired_at: number;
  readonly retired_reason: string;
};

const attemptsPerSlice = 16_384;
const rowsPerPage = 512;

export class LotHistory {
  readonly #slice: Statement<LotAttemptRow>;
  readonly #through: Statement<{ number: number }>;
  readonly #retired: Statement<LotRetiredRow>;

  constructor(db: Database.Database) {
    // The plus keeps SQLite from walking the index on origin and time, and sorting all of it.
    this.#slice = new Statement(
      db,
      `SELECT at, serial, product, verdict, code FROM harvest
       WHERE number > ? AND number <= ? AND work_order = ? AND +origin = 'harvested' ORDER BY number`,
    );
    this.#through = new Statement(db, 'SELECT coalesce(max(number), 0) AS number FROM harvest');
    this.#retired = new Statement(
      db,
      `SELECT number, serial, registration_id, created_at, retired_at, retired_reason
       FROM device INDEXED BY device_by_work_order
       WHERE work_order = ? AND retired_at IS NOT NULL AND number > ? ORDER BY number LIMIT ?`,
    );
  }

  /** Attempts at fixtures in their order; an empty slice now and then, so that the caller may give way. */
  *attempts(workOrder: string): Generator<readonly LotAttemptRow[], void, undefined> {
    const through = this.#through.get()!.number;
    for (let from = 0; from < through; from += attemptsPerSlice)
      yield this.#slice.all(from, Math.min(through, from + attemptsPerSlice), workOrder);
  }

  *retired(workOrder: string): Generator<LotRetiredRow, void, undefined> {
    for (let after = 0; ; ) {
      const page = this.#retired.all(workOrder, after, rowsPerPage);
      yield* page;
      if (page.length < rowsPerPage) return;
      after = page.at(-1)!.number;
    }
  }
}
