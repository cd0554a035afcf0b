/**
 * One kind of enrollment (individual enrollments, or enrollment groups) as it is stored, and how often each id was
 * created, overwritten, deleted and created again in vain: the counts by which a drain is proved (rule O3). Ids are
 * compared lower-cased. `place`, a digest of the id, gives queries an order that is stable but neither by id nor by time.
 * Every look-up, write and page is one walk down an index, whatever the number of rows; totals are kept, never counted.
 */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { EnrollmentFields } from './enrollment-shape.ts';
import { newEntityTag } from './entity-tag.ts';
import { formatTimestamp, preciseNow } from './timestamp.ts';
import type { Totals } from './totals.ts';
import { type InTransaction, transactionsOf } from './transactions.ts';

/** An enrollment as it is stored. */
export interface EnrollmentRecord extends EnrollmentFields {
  readonly etag: string;
  readonly createdDateTimeUtc: string;
  readonly lastUpdatedDateTimeUtc: string;
}

export interface EnrollmentCounts {
  readonly registrationId: string;
  readonly created: number;
  readonly overwritten: number;
  readonly repeatedCreates: number;
  readonly deleted: number;
}

export interface StoredPage<Record> {
  readonly records: readonly Record[];
  /** The place of the last one shown; undefined after the last page. */
  readonly next: Buffer | undefined;
}

/** The names under which a table adds to the totals. */
export const countNames = [
  'ids',
  'held',
  'created',
  'createdAgain',
  'overwritten',
  'repeatedCreates',
  'deleted',
] as const;

export type TableName = 'enrollment' | 'enrollment_group';

const columns =
  'id AS registrationId, created, overwritten, repeated_creates AS repeatedCreates, deleted' as const;

export class RecordTable {
  readonly #name: TableName;
  readonly #totals: Totals;
  readonly #get: Database.Statement<[string], { record: string }>;
  readonly #create: Database.Statement<[string, string, Buffer, string], { created: number }>;
  readonly #overwrite: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #noteRepeated: Database.Statement;
  readonly #page: Database.Statement<[Buffer, number], { place: Buffer; record: string }>;
  readonly #counts: Database.Statement<[string, number], EnrollmentCounts & { key: string }>;
  readonly #countsOf: Database.Statement<[string], EnrollmentCounts>;
  readonly #inTransaction: InTransaction;

  static readonly schema = (name: TableName) => `
    CREATE TABLE IF NOT EXISTS ${name} (
      key TEXT NOT NULL UNIQUE, id TEXT NOT NULL, place BLOB NOT NULL, created INTEGER NOT NULL,
      overwritten INTEGER NOT NULL DEFAULT 0, repeated_creates INTEGER NOT NULL DEFAULT 0,
      deleted INTEGER NOT NULL DEFAULT 0, record TEXT
    ) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS ${name}_place ON ${name} (place) WHERE record IS NOT NULL;
  `;

  constructor(db: Database.Database, name: TableName, totals: Totals) {
    this.#name = name;
    this.#totals = totals;
    this.#inTransaction = transactionsOf(db);
    this.#get = db.prepare(`SELECT record FROM ${name} WHERE key = ? AND record IS NOT NULL`);
    this.#create = db.prepare(
      `INSERT INTO ${name} (key, id, place, created, record) VALUES (?, ?, ?, 1, ?)
       ON CONFLICT (key) DO UPDATE SET id = excluded.id, created = created + 1, record = excluded.record
       RETURNING created`,
    );
    this.#overwrite = db.prepare(
      `UPDATE ${name} SET record = ?, overwritten = overwritten + 1 WHERE key = ?`,
    );
    this.#remove = db.prepare(`UPDATE ${name} SET record = NULL, deleted = deleted + 1 WHERE key = ?`);
    this.#noteRepeated = db.prepare(
      `UPDATE ${name} SET repeated_creates = repeated_creates + 1 WHERE key = ?`,
    );
    this.#page = db.prepare(
      `SELECT place, record FROM ${name} WHERE record IS NOT NULL AND place > ? ORDER BY place LIMIT ?`,
    );
    this.#counts = db.prepare(`SELECT key, ${columns} FROM ${name} WHERE key > ? ORDER BY key LIMIT ?`);
    this.#countsOf = db.prepare(`SELECT ${columns} FROM ${name} WHERE key = ?`);
  }

  get(id: string): EnrollmentRecord | undefined {
    const row = this.#get.get(keyOf(id));
    return row && (JSON.parse(row.record) as EnrollmentRecord);
  }

  /** Stores one that is not there yet. */
  create(id: string, fields: EnrollmentFields): EnrollmentRecord {
    const now = preciseNow();
    const time = formatTimestamp(now);
    const record = {
      ...fields,
      etag: newEntityTag(now),
      createdDateTimeUtc: time,
      lastUpdatedDateTimeUtc: time,
    };
    const key = keyOf(id);
    this.#inTransaction(() => {
      const row = this.#create.get(key, id, placeOf(key), JSON.stringify(record));
      this.#add('created', 1);
      this.#add('held', 1);
      this.#add((row?.created ?? 1) > 1 ? 'createdAgain' : 'ids', 1);
    });
    return record;
  }

  /** Replaces one that is there; its creation time stays. */
  overwrite(id: string, previous: EnrollmentRecord, fields: EnrollmentFields): EnrollmentRecord {
    const now = preciseNow();
    const record = {
      ...fields,
      etag: newEntityTag(now),
      createdDateTimeUtc: previous.createdDateTimeUtc,
      lastUpdatedDateTimeUtc: formatTimestamp(now),
    };
    this.#inTransaction(() => {
      this.#overwrite.run(JSON.stringify(record), keyOf(id));
      this.#add('overwritten', 1);
    });
    return record;
  }

  /** Takes away one that is there. */
  remove(id: string): void {
    this.#inTransaction(() => {
      this.#remove.run(keyOf(id));
      this.#add('deleted', 1);
      this.#add('held', -1);
    });
  }

  /** Notes a create that found the enrollment already there. */
  noteRepeatedCreate(id: string): void {
    this.#inTransaction(() => {
      this.#noteRepeated.run(keyOf(id));
      this.#add('repeatedCreates', 1);
    });
  }

  /** Up to `size` records behind the place `after` (empty = from the start). */
  page(after: Buffer, size: number): StoredPage<EnrollmentRecord> {
    const rows = this.#page.all(after, size + 1);
    const shown = rows.slice(0, size);
    return {
      records: shown.map(row => JSON.parse(row.record) as EnrollmentRecord),
      next: rows.length > size ? shown.at(-1)?.place : undefined,
    };
  }

  /** Counts of up to `size` ids behind the key `after` ('' = from the start), in the order of their keys. */
  counts(after: string, size: number): { counts: EnrollmentCounts[]; next: string | undefined } {
    const rows = this.#counts.all(after, size + 1);
    const shown = rows.slice(0, size);
    return {
      counts: shown.map(({ key: _, ...counts }) => counts),
      next: rows.length > size ? shown.at(-1)?.key : undefined,
    };
  }

  countsOf(id: string): EnrollmentCounts | undefined {
    return this.#countsOf.get(keyOf(id));
  }

  totals(): Record<(typeof countNames)[number], number> {
    return Object.fromEntries(
      countNames.map(name => [name, this.#totals.of(`${this.#name}.${name}`)]),
    ) as Record<(typeof countNames)[number], number>;
  }

  #add(name: (typeof countNames)[number], by: number): void {
    this.#totals.add(`${this.#name}.${name}`, by);
  }
}

/** How ids are compared. */
export function keyOf(id: string): string {
  return id.toLowerCase();
}

export function placeOf(key: string): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, 16);
}
