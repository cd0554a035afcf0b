/** Stations whose bundles, and the one receiver whose receipts, are taken here. */
import type Database from 'better-sqlite3';
import type { CourierPeerRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'origin',
  'station_id',
  'verifier_key',
  'takes',
  'added_at',
  'person_id',
] as const satisfies (keyof CourierPeerRow)[];

export class CourierPeerTable {
  readonly #insert: Statement;
  readonly #all: Statement<CourierPeerRow>;
  readonly #ofStation: Statement<CourierPeerRow>;
  readonly #follow: Statement;
  readonly #remove: Statement;

  constructor(db: Database.Database) {
    this.#insert = new Statement(db, insertSql('courier_peer', columns));
    this.#all = new Statement(db, `SELECT ${columns} FROM courier_peer ORDER BY origin`);
    this.#ofStation = new Statement(db, `SELECT ${columns} FROM courier_peer WHERE station_id = ?`);
    this.#follow = new Statement(db, 'UPDATE courier_peer SET verifier_key = ? WHERE origin = ?');
    this.#remove = new Statement(db, 'DELETE FROM courier_peer WHERE origin = ?');
  }

  insert(row: CourierPeerRow): void {
    this.#insert.insert(row);
  }

  all(): CourierPeerRow[] {
    return this.#all.all();
  }

  ofStation(stationId: string): CourierPeerRow | undefined {
    return this.#ofStation.get(stationId);
  }

  /** The key that took the other's place. */
  follow(origin: string, verifierKey: string): void {
    this.#follow.run(verifierKey, origin);
  }

  remove(origin: string): boolean {
    return this.#remove.run(origin) === 1;
  }
}
