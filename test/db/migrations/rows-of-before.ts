/** Rows as an older schema had them, for the tests of the steps that come after it. */
import type Database from 'better-sqlite3';

export function insert(db: Database.Database, table: string, row: object): void {
  const columns = Object.keys(row);
  db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(name => `@${name}`)})`).run(row);
}

/** The step that brought a column. */
const since: Readonly<Record<string, number>> = {
  certificate_debt: 2,
  certificate_detail: 13,
  predecessor_id: 3,
  retired_at: 3,
  retired_reason: 3,
  operation: 3,
  waits_for: 3,
  over_etag: 3,
  because: 3,
};

/** Without the columns that came after the step. */
export function atStep(step: number, row: object): Record<string, unknown> & { device_id: string } {
  const known = Object.entries(row).filter(([column]) => (since[column] ?? 1) <= step);
  return Object.fromEntries(known) as ReturnType<typeof atStep>;
}
