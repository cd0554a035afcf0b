/** Golden checks: what a reference unit came to at each fixture. Rows are only ever added. */
import type Database from 'better-sqlite3';
import type { GoldenCheckRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'check_id',
  'at',
  'fixture',
  'serial',
  'product',
  'person_id',
  'verdict',
  'code',
  'ek_sha256',
  'certificate_status',
  'duration_ms',
  'evidence',
  'log_id',
  'audit_index',
] as const satisfies (keyof GoldenCheckRow)[];

export class GoldenCheckTable {
  readonly #insert: Statement;
  readonly #newestAt: Statement<GoldenCheckRow>;
  readonly #newestPassed: Statement<GoldenCheckRow>;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM golden_check`;
    const newest = 'ORDER BY number DESC LIMIT 1';
    this.#insert = new Statement(db, insertSql('golden_check', columns));
    this.#newestAt = new Statement(db, `${select} WHERE fixture = ? AND code <> 'cancelled' ${newest}`);
    this.#newestPassed = new Statement(db, `${select} WHERE serial = ? AND verdict = 'passed' ${newest}`);
  }

  insert(row: GoldenCheckRow): void {
    this.#insert.insert(row);
  }

  /** Of any unit; one that a person stopped says nothing. */
  newestAt(fixture: string): GoldenCheckRow | undefined {
    return this.#newestAt.get(fixture);
  }

  /** At any fixture. */
  newestPassed(serial: string): GoldenCheckRow | undefined {
    return this.#newestPassed.get(serial);
  }
}
