/** Bundles that this station packed, what was in each, and how far their receipts came. */
import type Database from 'better-sqlite3';
import type { CourierPackedRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'bundle_id',
  'origin',
  'sequence',
  'sha256',
  'made_at',
  'valid_until',
  'entries',
  'receipt',
  'receipt_origin',
] as const satisfies (keyof CourierPackedRow)[];

export class CourierPackedTable {
  readonly #insert: Statement;
  readonly #insertEntry: Statement;
  readonly #get: Statement<CourierPackedRow>;
  readonly #newest: Statement<CourierPackedRow>;
  readonly #last: Statement<{ last: number | null }>;
  readonly #entry: Statement<{ entry_id: string }>;
  readonly #receipt: Statement;

  constructor(db: Database.Database) {
    this.#insert = new Statement(db, insertSql('courier_packed', columns));
    this.#insertEntry = new Statement(
      db,
      'INSERT INTO courier_packed_entry (bundle_id, entry_id) VALUES (?, ?)',
    );
    this.#get = new Statement(db, `SELECT ${columns} FROM courier_packed WHERE bundle_id = ?`);
    this.#newest = new Statement(db, `SELECT ${columns} FROM courier_packed ORDER BY number DESC LIMIT ?`);
    this.#last = new Statement(db, 'SELECT max(sequence) AS last FROM courier_packed WHERE origin = ?');
    this.#entry = new Statement(
      db,
      'SELECT entry_id FROM courier_packed_entry WHERE bundle_id = ? AND entry_id = ?',
    );
    this.#receipt = new Statement(
      db,
      'UPDATE courier_packed SET receipt = ?, receipt_origin = ? WHERE bundle_id = ?',
    );
  }

  insert(row: CourierPackedRow, entryIds: readonly string[]): void {
    this.#insert.insert(row);
    for (const entryId of entryIds) this.#insertEntry.run(row.bundle_id, entryId);
  }

  get(bundleId: string): CourierPackedRow | undefined {
    return this.#get.get(bundleId);
  }

  newest(limit: number): CourierPackedRow[] {
    return this.#newest.all(limit);
  }

  /** 0 before the first. */
  lastSequence(origin: string): number {
    return this.#last.get(origin)?.last ?? 0;
  }

  holds(bundleId: string, entryId: string): boolean {
    return this.#entry.get(bundleId, entryId) !== undefined;
  }

  /** The newest receipt. @param origin the log that signed it */
  noteReceipt(bundleId: string, number: number, origin: string): void {
    this.#receipt.run(number, origin, bundleId);
  }
}
