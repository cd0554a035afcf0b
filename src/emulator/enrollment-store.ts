/**
 * The enrollments that the emulator holds, and how often each was created, overwritten, deleted and created again in
 * vain: the counts by which a drain is proved (rule O3). One SQLite file, or memory. Registration ids are compared
 * lower-cased. `place`, a digest of the id, gives queries an order that is stable but neither by id nor by time.
 */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { EnrollmentFields } from './enrollment-shape.ts';
import { newEntityTag } from './entity-tag.ts';
import { EmulatorError } from './errors.ts';
import { formatTimestamp, preciseNow } from './timestamp.ts';

/** An enrollment as the service gives it back. */
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

export interface StoredPage {
  readonly records: readonly EnrollmentRecord[];
  /** Where the next page starts; undefined after the last one. */
  readonly next: string | undefined;
}

const schemaVersion = 1;
const schema = `
  CREATE TABLE IF NOT EXISTS enrollment (
    key TEXT PRIMARY KEY, place TEXT NOT NULL UNIQUE, record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS enrollment_count (
    key TEXT PRIMARY KEY, registration_id TEXT NOT NULL, created INTEGER NOT NULL DEFAULT 0,
    overwritten INTEGER NOT NULL DEFAULT 0, repeated_creates INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS traffic (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

type CountColumn = 'created' | 'overwritten' | 'repeated_creates' | 'deleted';

export class EnrollmentStore {
  readonly #db: Database.Database;
  readonly #get: Database.Statement<[string], { record: string }>;
  readonly #insert: Database.Statement;
  readonly #replace: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #page: Database.Statement<[string, number], { place: string; record: string }>;
  readonly #count: Record<CountColumn, Database.Statement>;
  readonly #traffic: Database.Statement;

  /**
   * @param file SQLite file, made where it is missing; undefined = memory
   * @throws EmulatorError `state-unreadable`
   */
  constructor(file: string | undefined) {
    this.#db = openDatabase(file);
    this.#get = this.#db.prepare('SELECT record FROM enrollment WHERE key = ?');
    this.#insert = this.#db.prepare('INSERT INTO enrollment (key, place, record) VALUES (?, ?, ?)');
    this.#replace = this.#db.prepare('UPDATE enrollment SET record = ? WHERE key = ?');
    this.#remove = this.#db.prepare('DELETE FROM enrollment WHERE key = ?');
    this.#page = this.#db.prepare(
      'SELECT place, record FROM enrollment WHERE place > ? ORDER BY place LIMIT ?',
    );
    const countStatement = (column: CountColumn) =>
      this.#db.prepare(
        `INSERT INTO enrollment_count (key, registration_id, ${column}) VALUES (?, ?, 1)
         ON CONFLICT (key) DO UPDATE SET ${column} = ${column} + 1`,
      );
    this.#count = {
      created: countStatement('created'),
      overwritten: countStatement('overwritten'),
      repeated_creates: countStatement('repeated_creates'),
      deleted: countStatement('deleted'),
    };
    this.#traffic = this.#db.prepare(
      'INSERT INTO traffic (name, count) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1',
    );
  }

  /** Runs synchronous work as one transaction. */
  inTransaction<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  get(registrationId: string): EnrollmentRecord | undefined {
    const row = this.#get.get(keyOf(registrationId));
    return row && (JSON.parse(row.record) as EnrollmentRecord);
  }

  /** Stores an enrollment that is not there yet. */
  create(fields: EnrollmentFields): EnrollmentRecord {
    const now = preciseNow();
    const time = formatTimestamp(now);
    const record = {
      ...fields,
      etag: newEntityTag(now),
      createdDateTimeUtc: time,
      lastUpdatedDateTimeUtc: time,
    };
    const key = keyOf(fields.registrationId);
    this.inTransaction(() => {
      this.#insert.run(key, placeOf(key), JSON.stringify(record));
      this.#bump('created', fields.registrationId);
    });
    return record;
  }

  /** Replaces one that is there; its creation time stays. */
  overwrite(previous: EnrollmentRecord, fields: EnrollmentFields): EnrollmentRecord {
    const now = preciseNow();
    const record = {
      ...fields,
      etag: newEntityTag(now),
      createdDateTimeUtc: previous.createdDateTimeUtc,
      lastUpdatedDateTimeUtc: formatTimestamp(now),
    };
    this.inTransaction(() => {
      this.#replace.run(JSON.stringify(record), keyOf(fields.registrationId));
      this.#bump('overwritten', fields.registrationId);
    });
    return record;
  }

  remove(registrationId: string): void {
    this.inTransaction(() => {
      this.#remove.run(keyOf(registrationId));
      this.#bump('deleted', registrationId);
    });
  }

  /** Notes a create that found the enrollment already there. */
  noteRepeatedCreate(registrationId: string): void {
    this.#bump('repeated_creates', registrationId);
  }

  noteRequest(): void {
    this.#traffic.run('requests');
  }

  noteThrottled(): void {
    this.#traffic.run('throttled');
  }

  /** Up to `size` records behind the place `after` ('' = from the start). */
  page(after: string, size: number): StoredPage {
    const rows = this.#page.all(after, size + 1);
    const shown = rows.slice(0, size);
    return {
      records: shown.map(row => JSON.parse(row.record) as EnrollmentRecord),
      next: rows.length > size ? shown.at(-1)?.place : undefined,
    };
  }

  counts(): EnrollmentCounts[] {
    return this.#db
      .prepare<[], EnrollmentCounts>(
        `SELECT registration_id AS registrationId, created, overwritten, repeated_creates AS repeatedCreates, deleted
         FROM enrollment_count ORDER BY key`,
      )
      .all();
  }

  traffic(): { requests: number; throttled: number } {
    const rows = this.#db
      .prepare<[], { name: string; count: number }>('SELECT name, count FROM traffic')
      .all();
    const count = (name: string) => rows.find(row => row.name === name)?.count ?? 0;
    return { requests: count('requests'), throttled: count('throttled') };
  }

  close(): void {
    this.#db.close();
  }

  #bump(column: CountColumn, registrationId: string): void {
    this.#count[column].run(keyOf(registrationId), registrationId);
  }
}

function openDatabase(file: string | undefined): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(file ?? ':memory:');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL'); // holds over a killed process; a power cut may cost the last rehearsed requests
    const version = db.pragma('user_version', { simple: true });
    if (version !== 0 && version !== schemaVersion) throw new RangeError(`schema ${version} is not known`);
    db.exec(schema);
    db.pragma(`user_version = ${schemaVersion}`);
    return db;
  } catch (error) {
    db?.close();
    throw new EmulatorError('state-unreadable', `${file} cannot be opened as the emulator's state`, error);
  }
}

function keyOf(registrationId: string): string {
  return registrationId.toLowerCase();
}

function placeOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
