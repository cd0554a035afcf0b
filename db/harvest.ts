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

/** An attempt at a fixture, as far as it counts towards a shift. */
export interface TriedRow extends Pick<HarvestRow, 'at' | 'verdict' | 'code'> {
  /** 1 where no attempt before it at this serial (within its product) counts as a try. */
  readonly first: 0 | 1;
}

/** An EK certificate as an attempt read it. */
export interface ReadCertificateRow {
  readonly number: number;
  readonly harvest_id: string;
  /** Of the finding; null where the attempt read none. */
  readonly status: string | null;
  /** Base64. */
  readonly der: string | null;
}

export class HarvestTable {
  readonly #insert: Statement;
  readonly #get: Statement<HarvestRow>;
  readonly #ofSerial: Statement<HarvestRow>;
  readonly #ofEk: Statement<HarvestRow>;
  readonly #newest: Statement<HarvestRow>;
  readonly #firstSince: Statement<{ number: number | null }>;
  readonly #newestNumber: Statement<{ number: number | null }>;
  readonly #tried: Statement<TriedRow>;
  readonly #certificates: Statement<ReadCertificateRow>;
  readonly #certificate: Statement<ReadCertificateRow>;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM harvest`;
    this.#insert = new Statement(db, insertSql('harvest', columns));
    this.#get = new Statement(db, `${select} WHERE harvest_id = ?`);
    this.#ofSerial = new Statement(db, `${select} WHERE serial = ? ORDER BY number DESC LIMIT ?`);
    this.#ofEk = new Statement(db, `${select} WHERE ek_sha256 = ? ORDER BY number DESC LIMIT ?`);
    this.#newest = new Statement(db, `${select} WHERE origin = 'harvested' ORDER BY at DESC LIMIT ?`);
    this.#firstSince = new Statement(
      db,
      `SELECT min(number) AS number FROM harvest WHERE origin = 'harvested'
         AND at = (SELECT min(at) FROM harvest WHERE origin = 'harvested' AND at >= ?)`,
    );
    this.#newestNumber = new Statement(db, 'SELECT max(number) AS number FROM harvest');
    const certificate = `SELECT number, harvest_id, json_extract(evidence, '$.certificate.status') AS status,
      json_extract(evidence, '$.certificate.der') AS der FROM harvest`;
    this.#certificates = new Statement(db, `${certificate} WHERE number > ? ORDER BY number LIMIT ?`);
    this.#certificate = new Statement(db, `${certificate} WHERE harvest_id = ?`);
    this.#tried = new Statement(
      db,
      `SELECT at, verdict, code, serial IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM harvest AS earlier WHERE earlier.serial = this.serial AND earlier.number < this.number
           AND earlier.product = this.product AND earlier.origin = 'harvested'
           AND earlier.code NOT GLOB ? AND earlier.code NOT GLOB ?) AS first
       FROM harvest AS this NOT INDEXED WHERE number > ? AND number <= ? AND origin = 'harvested' ORDER BY number`,
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

  /** The row number of the earliest attempt at a fixture from a time on, epoch milliseconds, by the clock of then. */
  firstSince(sinceMs: number): number | undefined {
    return this.#firstSince.get(sinceMs)!.number ?? undefined;
  }

  /** 0 where nothing was tried yet. Numbers grow in the order of the commits. */
  newestNumber(): number {
    return this.#newestNumber.get()!.number ?? 0;
  }

  /** What attempts read, in their order, from behind row number `after` on; attempts without a certificate, too. */
  certificates(after: number, limit: number): ReadCertificateRow[] {
    return this.#certificates.all(after, limit);
  }

  certificateOf(harvestId: string): ReadCertificateRow | undefined {
    return this.#certificate.get(harvestId);
  }

  /**
   * Attempts at fixtures with row numbers from behind `after` through `through`, in their order.
   * @param apart GLOB patterns of the codes that make no try of an attempt
   */
  tried({
    after,
    through,
    apart: [one, other],
  }: {
    readonly after: number;
    readonly through: number;
    readonly apart: readonly [string, string];
  }): TriedRow[] {
    return this.#tried.all(one, other, after, through);
  }
}
