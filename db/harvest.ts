/** Every attempt, whatever its end (rule H4). Rows are only ever added. */
import type Database from 'better-sqlite3';
import type { HarvestRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'harvest_id',
  'at',
  'origin',
  'serial',
  'product',
  'work_order',
  'fixture',
  'person_id',
  'stated_operator',
  'verdict',
  'code',
  'ek_sha256',
  'registration_id',
  'duration_ms',
  'evidence',
  'log_id',
  'audit_index',
] as const satisfies (keyof HarvestRow)[];

/** What a day's harvests at fixtures came to; imports are not counted. */
export interface HarvestTally {
  readonly attempts: number;
  readonly passed: number;
  /** Different serials (within their product) that were tried, and those whose first attempt in the span passed. */
  readonly serials: number;
  readonly passedAtFirst: number;
}

export class HarvestTable {
  readonly #insert: Statement;
  readonly #get: Statement<HarvestRow>;
  readonly #ofSerial: Statement<HarvestRow>;
  readonly #ofEk: Statement<HarvestRow>;
  readonly #newest: Statement<HarvestRow>;
  readonly #attempts: Statement<{ attempts: number; passed: number | null }>;
  readonly #serials: Statement<{ serials: number; passed: number | null }>;
  readonly #slots: Statement<{ slot: number; passed: number }>;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM harvest`;
    this.#insert = new Statement(db, insertSql('harvest', columns));
    this.#get = new Statement(db, `${select} WHERE harvest_id = ?`);
    this.#ofSerial = new Statement(db, `${select} WHERE serial = ? ORDER BY number DESC LIMIT ?`);
    this.#ofEk = new Statement(db, `${select} WHERE ek_sha256 = ? ORDER BY number DESC LIMIT ?`);
    this.#newest = new Statement(db, `${select} WHERE origin = 'harvested' ORDER BY at DESC LIMIT ?`);
    const span = `FROM harvest WHERE origin = 'harvested' AND at >= ?`;
    this.#attempts = new Statement(
      db,
      `SELECT count(*) AS attempts, sum(verdict = 'passed') AS passed ${span}`,
    );
    // min() makes the other columns those of the row that has the minimum (SQLite, "bare columns in an aggregate").
    this.#serials = new Statement(
      db,
      `SELECT count(*) AS serials, sum(verdict = 'passed') AS passed FROM
         (SELECT verdict, min(at) ${span} AND serial IS NOT NULL GROUP BY product, serial)`,
    );
    this.#slots = new Statement(
      db,
      `SELECT CAST((at - ?) / ? AS INTEGER) AS slot, count(*) AS passed ${span} AND at < ? AND verdict = 'passed' GROUP BY slot`,
    );
  }

  insert(row: HarvestRow): void {
    this.#insert.insert(row);
  }

  get(harvestId: string): HarvestRow | undefined {
    return this.#get.get(harvestId);
  }

  /** Newest first. */
  ofSerial(serial: string, limit = 100): HarvestRow[] {
    return this.#ofSerial.all(serial, limit);
  }

  /** Newest first; also the attempts under other serials. */
  ofEk(ekSha256: string, limit = 100): HarvestRow[] {
    return this.#ofEk.all(ekSha256, limit);
  }

  /** The newest attempts at fixtures, newest first. */
  newest(limit: number): HarvestRow[] {
    return this.#newest.all(limit);
  }

  /** @param sinceMs epoch milliseconds, e.g. local midnight */
  tally(sinceMs: number): HarvestTally {
    const { attempts, passed } = this.#attempts.get(sinceMs)!;
    const first = this.#serials.get(sinceMs)!;
    return { attempts, passed: passed ?? 0, serials: first.serials, passedAtFirst: first.passed ?? 0 };
  }

  /** Passes at fixtures in each of `slots` spans of `slotMs` beginning at `fromMs`, oldest first. */
  passesPerSlot(fromMs: number, slotMs: number, slots: number): number[] {
    const passes = new Array<number>(slots).fill(0);
    const rows = this.#slots.all(fromMs, slotMs, fromMs, fromMs + slotMs * slots);
    for (const { slot, passed } of rows) passes[slot] = passed;
    return passes;
  }
}
