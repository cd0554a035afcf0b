/**
 * The registration records: what became of a device that registered (DeviceRegistrationState), by registration id, and
 * for a device of an enrollment group the group that it came through. They go with the enrollment or group they belong to.
 */
import type Database from 'better-sqlite3';
import { newEntityTag } from './entity-tag.ts';
import { keyOf, placeOf, type StoredPage } from './record-table.ts';
import { formatTimestamp, preciseNow } from './timestamp.ts';

/** What a registration came to; times and etag are the table's. */
export interface RegistrationOutcome {
  readonly registrationId: string;
  readonly status: 'unassigned' | 'assigning' | 'assigned' | 'failed' | 'disabled';
  readonly [member: string]: unknown;
}

export interface RegistrationRecord extends RegistrationOutcome {
  readonly etag: string;
  readonly createdDateTimeUtc: string;
  readonly lastUpdatedDateTimeUtc: string;
}

export class RegistrationTable {
  static readonly schema = `
    CREATE TABLE IF NOT EXISTS registration (
      key TEXT NOT NULL UNIQUE, group_key TEXT, place BLOB NOT NULL, record TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS registration_of_group ON registration (group_key, place) WHERE group_key IS NOT NULL;
  `;
  readonly #get: Database.Statement<[string], { record: string }>;
  readonly #put: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #removeOfGroup: Database.Statement;
  readonly #page: Database.Statement<[string, Buffer, number], { place: Buffer; record: string }>;

  constructor(db: Database.Database) {
    this.#get = db.prepare('SELECT record FROM registration WHERE key = ?');
    this.#put = db.prepare(
      `INSERT INTO registration (key, group_key, place, record) VALUES (?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET group_key = excluded.group_key, record = excluded.record`,
    );
    this.#remove = db.prepare('DELETE FROM registration WHERE key = ?');
    this.#removeOfGroup = db.prepare('DELETE FROM registration WHERE group_key = ?');
    this.#page = db.prepare(
      'SELECT place, record FROM registration WHERE group_key = ? AND place > ? ORDER BY place LIMIT ?',
    );
  }

  get(registrationId: string): RegistrationRecord | undefined {
    const row = this.#get.get(keyOf(registrationId));
    return row && (JSON.parse(row.record) as RegistrationRecord);
  }

  /** Records an outcome in place of the one before; the creation time stays. */
  put(outcome: RegistrationOutcome, enrollmentGroupId: string | undefined): RegistrationRecord {
    const now = preciseNow();
    const time = formatTimestamp(now);
    const record = {
      ...outcome,
      createdDateTimeUtc: this.get(outcome.registrationId)?.createdDateTimeUtc ?? time,
      lastUpdatedDateTimeUtc: time,
      etag: newEntityTag(now),
    };
    const key = keyOf(outcome.registrationId);
    const groupKey = enrollmentGroupId === undefined ? null : keyOf(enrollmentGroupId);
    this.#put.run(key, groupKey, placeOf(key), JSON.stringify(record));
    return record;
  }

  remove(registrationId: string): void {
    this.#remove.run(keyOf(registrationId));
  }

  removeOfGroup(enrollmentGroupId: string): void {
    this.#removeOfGroup.run(keyOf(enrollmentGroupId));
  }

  /** Those that came through a group, up to `size` behind the place `after` (empty = from the start). */
  pageOfGroup(enrollmentGroupId: string, after: Buffer, size: number): StoredPage<RegistrationRecord> {
    const rows = this.#page.all(keyOf(enrollmentGroupId), after, size + 1);
    const shown = rows.slice(0, size);
    return {
      records: shown.map(row => JSON.parse(row.record) as RegistrationRecord),
      next: rows.length > size ? shown.at(-1)?.place : undefined,
    };
  }
}
