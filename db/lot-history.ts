/**
 * What was tried at fixtures for a work order, for the papers of its lot. Attempts have no index by work order, which would cost every
 * record: they are read through slice by slice, added up inside SQLite, with no statement left open in between. A retest is of a
 * device that passed before and tells nothing of how the lot went.
 */
import type Database from 'better-sqlite3';
import type { HarvestRow } from './rows.ts';
import { Statement } from './statement.ts';

/** Milliseconds. */
export const spanMs = 15 * 60_000;

export interface LotSpan {
  /** Epoch milliseconds / `spanMs`, rounded down. */
  readonly span: number;
  readonly attempts: number;
  readonly passed: number;
}

/** Units whose first attempts that say anything are not passed, of one slice. */
export interface LotFailing {
  /** Of them, those that passed afterwards, and how often they did. */
  readonly later: number;
  readonly passes: number;
  /** Those that did not, and of which no device is in force from elsewhere. */
  readonly never: number;
}

export type NeverPassedRow = Pick<HarvestRow, 'code' | 'at'> & { readonly serial: string };

const attemptsPerSlice = 16_384;

const failed = (name: string) => `${name}.verdict IN ('refused', 'failed')`;
const sameUnit = (name: string) =>
  `FROM harvest AS ${name} INDEXED BY harvest_by_serial WHERE ${name}.serial = first.serial AND ${name}.product = first.product
    AND ${name}.work_order = first.work_order AND ${name}.origin = 'harvested'`;
/** The first failed attempt of each unit. */
const firstFailed = `${failed('first')} AND serial IS NOT NULL
  AND NOT EXISTS (SELECT 1 ${sameUnit('earlier')} AND ${failed('earlier')} AND earlier.number < first.number)`;
const passesLater = `(SELECT count(*) ${sameUnit('later')} AND later.verdict = 'passed' AND later.number > first.number)`;
const notInForce = `NOT EXISTS (SELECT 1 FROM device
  WHERE device.serial = first.serial AND device.product = first.product AND device.retired_at IS NULL)`;
// The plus keeps SQLite from walking the index on origin and time, and sorting all of it.
const range = `FROM harvest AS first WHERE number > ? AND number <= ? AND work_order = ? AND +origin = 'harvested'`;

export class LotHistory {
  readonly #spans: Statement<LotSpan>;
  readonly #failing: Statement<LotFailing>;
  readonly #neverPassed: Statement<NeverPassedRow>;
  readonly #through: Statement<{ number: number }>;

  constructor(db: Database.Database) {
    this.#spans = new Statement(
      db,
      `SELECT at / ${spanMs} AS span, count(*) AS attempts, sum(verdict = 'passed') AS passed
       ${range} AND verdict <> 'retest' GROUP BY span`,
    );
    this.#failing = new Statement(
      db,
      `SELECT count(*) FILTER (WHERE passes > 0) AS later, coalesce(sum(passes), 0) AS passes,
         count(*) FILTER (WHERE passes = 0 AND open) AS never
       FROM (SELECT ${passesLater} AS passes, ${notInForce} AS open ${range} AND ${firstFailed})`,
    );
    const last = (column: string) =>
      `(SELECT last.${column} ${sameUnit('last')} AND ${failed('last')} ORDER BY last.number DESC LIMIT 1) AS ${column}`;
    this.#neverPassed = new Statement(
      db,
      `SELECT serial, ${last('code')}, ${last('at')}
       ${range} AND ${firstFailed} AND ${passesLater} = 0 AND ${notInForce} ORDER BY number`,
    );
    this.#through = new Statement(db, 'SELECT coalesce(max(number), 0) AS number FROM harvest');
  }

  /** The same span may come again. */
  spans(workOrder: string): Generator<readonly LotSpan[], void, undefined> {
    return this.#slices(this.#spans, workOrder);
  }

  failing(workOrder: string): Generator<readonly LotFailing[], void, undefined> {
    return this.#slices(this.#failing, workOrder);
  }

  /** With what their last attempt said, in the order of their first. */
  neverPassed(workOrder: string): Generator<readonly NeverPassedRow[], void, undefined> {
    return this.#slices(this.#neverPassed, workOrder);
  }

  *#slices<Row>(rows: Statement<Row>, workOrder: string): Generator<readonly Row[], void, undefined> {
    const through = this.#through.get()!.number;
    for (let from = 0; from < through; from += attemptsPerSlice)
      yield rows.all(from, Math.min(through, from + attemptsPerSlice), workOrder);
  }
}
