/** Bundles of other stations that were taken here, and what became of each of their entries. */
import type Database from 'better-sqlite3';
import type { CourierForeignEntryRow, CourierTakenRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'bundle_id',
  'origin',
  'sequence',
  'sha256',
  'made_at',
  'taken_at',
  'entries',
  'receipts',
] as const satisfies (keyof CourierTakenRow)[];

const entryColumns = [
  'station_id',
  'entry_id',
  'harvest_id',
  'local_entry_id',
  'code',
  'detail',
] as const satisfies (keyof CourierForeignEntryRow)[];

export class CourierTakenTable {
  readonly #insert: Statement;
  readonly #get: Statement<CourierTakenRow>;
  readonly #newest: Statement<CourierTakenRow>;
  readonly #sequence: Statement<CourierTakenRow>;
  readonly #last: Statement<{ last: number | null }>;
  readonly #list: Statement;
  readonly #listed: Statement<CourierForeignEntryRow>;
  readonly #insertEntry: Statement;
  readonly #entry: Statement<CourierForeignEntryRow>;
  readonly #ofHarvest: Statement<{ station_id: string }>;
  readonly #ofLocal: Statement<{ station_id: string }>;
  readonly #receipt: Statement;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM courier_taken`;
    this.#insert = new Statement(db, insertSql('courier_taken', columns));
    this.#get = new Statement(db, `${select} WHERE bundle_id = ?`);
    this.#newest = new Statement(db, `${select} ORDER BY number DESC LIMIT ?`);
    this.#sequence = new Statement(db, `${select} WHERE origin = ? AND sequence = ? LIMIT 1`);
    this.#last = new Statement(db, 'SELECT max(sequence) AS last FROM courier_taken WHERE origin = ?');
    this.#list = new Statement(
      db,
      'INSERT OR IGNORE INTO courier_taken_entry (bundle_id, place, station_id, entry_id) VALUES (?, ?, ?, ?)',
    );
    const all = entryColumns.map(name => `e.${name}`).join(', ');
    this.#listed = new Statement(
      db,
      `SELECT ${all} FROM courier_taken_entry AS l
       CROSS JOIN courier_foreign_entry AS e ON e.station_id = l.station_id AND e.entry_id = l.entry_id
       WHERE l.bundle_id = ? ORDER BY l.place`,
    );
    this.#insertEntry = new Statement(db, insertSql('courier_foreign_entry', entryColumns));
    this.#entry = new Statement(
      db,
      `SELECT ${entryColumns} FROM courier_foreign_entry WHERE station_id = ? AND entry_id = ?`,
    );
    this.#ofHarvest = new Statement(
      db,
      `SELECT f.station_id FROM courier_foreign_entry AS f
       CROSS JOIN outbox AS o ON o.entry_id = f.local_entry_id AND o.harvest_id = f.harvest_id
       WHERE f.harvest_id = ? AND f.code = 'taken' LIMIT 1`,
    );
    this.#ofLocal = new Statement(
      db,
      "SELECT station_id FROM courier_foreign_entry WHERE local_entry_id = ? AND code = 'taken' LIMIT 1",
    );
    this.#receipt = new Statement(db, 'UPDATE courier_taken SET receipts = receipts + 1 WHERE bundle_id = ?');
  }

  insert(row: CourierTakenRow): void {
    this.#insert.insert(row);
  }

  get(bundleId: string): CourierTakenRow | undefined {
    return this.#get.get(bundleId);
  }

  newest(limit: number): CourierTakenRow[] {
    return this.#newest.all(limit);
  }

  hasSequence(origin: string, sequence: number): boolean {
    return this.#sequence.get(origin, sequence) !== undefined;
  }

  /** 0 before the first. */
  lastSequence(origin: string): number {
    return this.#last.get(origin)?.last ?? 0;
  }

  /** That the bundle has this entry at this place (0-based). */
  list(bundleId: string, place: number, stationId: string, entryId: string): void {
    this.#list.run(bundleId, place, stationId, entryId);
  }

  /** What became of the entries of a bundle, in its order. */
  entriesOf(bundleId: string): CourierForeignEntryRow[] {
    return this.#listed.all(bundleId);
  }

  insertEntry(row: CourierForeignEntryRow): void {
    this.#insertEntry.insert(row);
  }

  entry(stationId: string, entryId: string): CourierForeignEntryRow | undefined {
    return this.#entry.get(stationId, entryId);
  }

  /** The station of a harvest that a courier brought: whose create was taken, whatever else names the harvest. */
  stationOfHarvest(harvestId: string): string | undefined {
    return this.#ofHarvest.get(harvestId)?.station_id;
  }

  /** The station whose entry became this one of ours. */
  stationOfLocal(entryId: string): string | undefined {
    return this.#ofLocal.get(entryId)?.station_id;
  }

  /** Counts a receipt. @returns its number within the bundle */
  countReceipt(bundleId: string): number {
    this.#receipt.run(bundleId);
    return this.get(bundleId)?.receipts ?? 0;
  }
}
