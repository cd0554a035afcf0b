/**
 * The rows of a ledger as the audit log must have them, in order, for whoever holds the two against each other. What is
 * noted of entries on the way lies in a temporary table of this connection, so that memory stays flat and a ledger that
 * is only read takes it too.
 */
import type Database from 'better-sqlite3';
import { Statement } from './statement.ts';

const rowsPerPage = 256;

/** An attempt, as far as its entry says the same. */
export interface JoinedHarvest {
  readonly number: number;
  readonly harvest_id: string;
  readonly origin: string;
  readonly serial: string | null;
  readonly product: string;
  readonly work_order: string | null;
  readonly verdict: string;
  readonly code: string;
  readonly ek_sha256: string | null;
  readonly registration_id: string | null;
  readonly log_id: string;
  readonly audit_index: number;
  /** Out of the finding: what its EK certificate came to, and the certificate's SHA-256. */
  readonly certificate_status: string | null;
  readonly certificate_sha256: string | null;
}

export interface JoinedDevice {
  readonly number: number;
  readonly device_id: string;
  readonly serial: string | null;
  readonly product: string;
  readonly work_order: string | null;
  readonly registration_id: string;
  readonly ek_sha256: string;
  readonly endorsement_key: Buffer;
  readonly certificate_status: string;
  readonly certificate: Buffer | null;
  readonly harvest_id: string;
  readonly predecessor_id: string | null;
  readonly retired_at: number | null;
}

export interface JoinedOutbox {
  readonly number: number;
  readonly entry_id: string;
  readonly harvest_id: string;
  readonly registration_id: string;
  readonly state: string;
  readonly document: string;
  /** Of its device. */
  readonly endorsement_key: Buffer;
  readonly device_harvest_id: string;
  /** What the log said last of it; null: nothing that decides on its state. */
  readonly change: string | null;
}

export interface SaidOfCertificate {
  readonly status: string;
  /** Number of the first attempt whose entry came after it. */
  readonly before: number;
}

/** An object of the schema: table, index or trigger. */
export interface SchemaObject {
  readonly name: string;
  readonly sql: string;
}

/** The start of a SELECT of `JoinedHarvest`. */
export const joinedHarvest = `SELECT number, harvest_id, origin, serial, product, work_order, verdict, code, ek_sha256,
  registration_id, log_id, audit_index, json_extract(evidence, '$.certificate.status') AS certificate_status,
  json_extract(evidence, '$.certificate.sha256') AS certificate_sha256 FROM harvest`;

export class AuditJoin {
  readonly #harvests: Statement<JoinedHarvest>;
  readonly #harvestsOfEk: Statement<JoinedHarvest>;
  readonly #deviceOfEk: Statement<{ found: 1 }>;
  readonly #devices: Statement<JoinedDevice>;
  readonly #outbox: Statement<JoinedOutbox>;
  readonly #outboxEntry: Statement<{ registration_id: string; harvest_id: string }>;
  readonly #note: Statement;
  readonly #noteCertificate: Statement;
  readonly #certificateSaid: Statement<SaidOfCertificate>;
  readonly #requested: Statement<{ found: 1 }>;
  readonly #ofDevice: Statement<{ found: 1 }>;
  readonly #schema: Statement<SchemaObject>;

  constructor(db: Database.Database) {
    db.exec(
      'CREATE TEMP TABLE entry_said (entry_id TEXT NOT NULL PRIMARY KEY, change TEXT) STRICT, WITHOUT ROWID',
    );
    db.exec(
      `CREATE TEMP TABLE certificate_said (number INTEGER PRIMARY KEY, ek_sha256 TEXT NOT NULL, status TEXT NOT NULL,
         before INTEGER NOT NULL, UNIQUE (ek_sha256, status)) STRICT`,
    );
    this.#harvests = new Statement(db, `${joinedHarvest} WHERE number > ? ORDER BY number LIMIT ?`);
    this.#harvestsOfEk = new Statement(db, `${joinedHarvest} WHERE ek_sha256 = ? ORDER BY number`);
    this.#deviceOfEk = new Statement(
      db,
      `SELECT 1 AS found FROM device WHERE ek_sha256 = @ek AND retired_at IS NULL
       UNION ALL SELECT 1 FROM device WHERE ek_sha256 = @ek AND retired_at IS NOT NULL LIMIT 1`,
    );
    this.#devices = new Statement(
      db,
      `SELECT number, device_id, serial, product, work_order, registration_id, ek_sha256, endorsement_key,
         certificate_status, certificate, harvest_id, predecessor_id, retired_at
       FROM device WHERE number > ? ORDER BY number LIMIT ?`,
    );
    this.#outbox = new Statement(
      db,
      `SELECT outbox.number, outbox.entry_id, outbox.harvest_id, outbox.registration_id, state, document,
         endorsement_key, device.harvest_id AS device_harvest_id, change
       FROM outbox JOIN device USING (device_id) LEFT JOIN temp.entry_said USING (entry_id)
       WHERE outbox.number > ? ORDER BY outbox.number LIMIT ?`,
    );
    this.#outboxEntry = new Statement(
      db,
      'SELECT registration_id, harvest_id FROM outbox WHERE entry_id = ?',
    );
    this.#note = new Statement(
      db,
      `INSERT INTO temp.entry_said VALUES (@entryId, @change)
       ON CONFLICT (entry_id) DO UPDATE SET change = coalesce(excluded.change, change)`,
    );
    this.#noteCertificate = new Statement(
      db,
      `INSERT OR REPLACE INTO temp.certificate_said (ek_sha256, status, before) VALUES (@ekSha256, @status, @before)`,
    );
    this.#certificateSaid = new Statement(
      db,
      'SELECT status, before FROM temp.certificate_said WHERE ek_sha256 = ? ORDER BY number DESC',
    );
    this.#requested = new Statement(
      db,
      `SELECT 1 AS found FROM outbox JOIN temp.entry_said USING (entry_id)
       WHERE device_id = ? AND registration_id = ? LIMIT 1`,
    );
    this.#ofDevice = new Statement(
      db,
      'SELECT 1 AS found FROM outbox WHERE device_id = ? AND registration_id = ? LIMIT 1',
    );
    this.#schema = new Statement(
      db,
      `SELECT name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL ORDER BY name`,
    );
  }

  harvests(): Generator<JoinedHarvest, void, undefined> {
    return pages(this.#harvests);
  }

  devices(): Generator<JoinedDevice, void, undefined> {
    return pages(this.#devices);
  }

  outbox(): Generator<JoinedOutbox, void, undefined> {
    return pages(this.#outbox);
  }

  /** Attempts at a key, oldest first. */
  harvestsOfEk(ekSha256: string): JoinedHarvest[] {
    return this.#harvestsOfEk.all(ekSha256);
  }

  /** Whether there is a device of this key, in service or not. */
  hasDeviceOfEk(ekSha256: string): boolean {
    return this.#deviceOfEk.named({ ek: ekSha256 }) !== undefined;
  }

  outboxEntry(entryId: string): { registration_id: string; harvest_id: string } | undefined {
    return this.#outboxEntry.get(entryId);
  }

  /** An entry of the log said this of an outbox entry. @param change null: nothing that decides on its state */
  note(entryId: string, change: string | null): void {
    this.#note.insert({ entryId, change });
  }

  /** An entry of the log judged the certificate of a key again. */
  noteCertificate(ekSha256: string, said: SaidOfCertificate): void {
    this.#noteCertificate.insert({ ekSha256, ...said });
  }

  /** What the log said of it beside the attempts, each state once, the last one first. */
  certificateSaid(ekSha256: string): SaidOfCertificate[] {
    return this.#certificateSaid.all(ekSha256);
  }

  /** Whether the log speaks of an outbox entry of this device and this id. */
  isSpokenOf(deviceId: string, registrationId: string): boolean {
    return this.#requested.get(deviceId, registrationId) !== undefined;
  }

  /** Whether the outbox has an entry of this device and this id. */
  hasOutboxEntry(deviceId: string, registrationId: string): boolean {
    return this.#ofDevice.get(deviceId, registrationId) !== undefined;
  }

  schema(): SchemaObject[] {
    return this.#schema.all();
  }
}

/** Page by page by the row's number, with no statement left open. */
function* pages<Row extends { readonly number: number }>(
  statement: Statement<Row>,
): Generator<Row, void, undefined> {
  for (let after = -1; ; ) {
    const page = statement.all(after, rowsPerPage);
    if (page.length === 0) return;
    yield* page;
    after = page.at(-1)!.number;
  }
}
