/** Devices: made by a passed harvest or an import; each reserves its EK, and its serial within its product (rule H6). */
import type Database from 'better-sqlite3';
import { prefixRange } from './prefix-range.ts';
import type { DeviceRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'device_id',
  'serial',
  'product',
  'work_order',
  'origin',
  'registration_id',
  'ek_sha256',
  'endorsement_key',
  'ek_template',
  'certificate_status',
  'certificate',
  'certificate_debt',
  'harvest_id',
  'created_at',
] as const satisfies (keyof DeviceRow)[];

const searched = ['serial', 'registration_id', 'ek_sha256', 'work_order', 'device_id'] as const;
/** Stored in lower case, so a query is lowered for them; serials and work orders are compared as they are. */
const lowerCase: ReadonlySet<string> = new Set(['registration_id', 'ek_sha256']);

export class DeviceTable {
  readonly #insert: Statement;
  readonly #by: Readonly<Record<'device_id' | 'registration_id' | 'ek_sha256', Statement<DeviceRow>>>;
  readonly #bySerial: Statement<DeviceRow>;
  readonly #withPrefix: readonly { readonly column: string; readonly statement: Statement<DeviceRow> }[];
  readonly #newest: Statement<DeviceRow>;
  readonly #nameSerial: Statement;
  readonly #inDebt: Statement<DeviceRow>;
  readonly #judgeCertificate: Statement;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM device`;
    const by = (column: string) => new Statement<DeviceRow>(db, `${select} WHERE ${column} = ?`);
    this.#insert = new Statement(db, insertSql('device', columns));
    this.#by = {
      device_id: by('device_id'),
      registration_id: by('registration_id'),
      ek_sha256: by('ek_sha256'),
    };
    this.#bySerial = new Statement(db, `${select} WHERE serial = ? AND product = ?`);
    this.#withPrefix = searched.map(column => ({
      column,
      statement: new Statement<DeviceRow>(
        db,
        `${select} WHERE ${column} >= ? AND ${column} < ? ORDER BY ${column} LIMIT ?`,
      ),
    }));
    this.#newest = new Statement(
      db,
      `${select} WHERE number < coalesce((SELECT number FROM device WHERE device_id = ?), 9223372036854775807)
       ORDER BY number DESC LIMIT ?`,
    );
    this.#nameSerial = new Statement(
      db,
      'UPDATE device SET serial = ? WHERE device_id = ? AND serial IS NULL',
    );
    this.#inDebt = new Statement(
      db,
      `${select} INDEXED BY device_in_debt
       WHERE certificate_debt = 1 AND number > coalesce((SELECT number FROM device WHERE device_id = ?), 0)
       ORDER BY number LIMIT ?`,
    );
    this.#judgeCertificate = new Statement(
      db,
      `UPDATE device SET certificate_status = ?, certificate = coalesce(?, certificate), certificate_debt = ?
       WHERE device_id = ? AND certificate_status <> 'verified'`,
    );
  }

  insert(row: DeviceRow): void {
    this.#insert.insert(row);
  }

  get(deviceId: string): DeviceRow | undefined {
    return this.#by.device_id.get(deviceId);
  }

  byRegistrationId(registrationId: string): DeviceRow | undefined {
    return this.#by.registration_id.get(registrationId);
  }

  /** @param ekSha256 hex, lower case */
  byEkSha256(ekSha256: string): DeviceRow | undefined {
    return this.#by.ek_sha256.get(ekSha256);
  }

  bySerial(serial: string, product: string): DeviceRow | undefined {
    return this.#bySerial.get(serial, product);
  }

  /**
   * Devices whose serial, registration id, EK hash, work order or device id is or begins with the query, in this order
   * of kinds; exact matches come first within a kind. An empty query gives the newest.
   */
  find(query: string, limit: number): DeviceRow[] {
    if (query === '') return this.newest(limit);
    const found = new Map<string, DeviceRow>();
    for (const { column, statement } of this.#withPrefix) {
      const { from, before } = prefixRange(lowerCase.has(column) ? query.toLowerCase() : query);
      if (before === undefined || found.size >= limit) break;
      for (const row of statement.all(from, before, limit))
        if (found.size < limit) found.set(row.device_id, row);
    }
    return [...found.values()];
  }

  /** Newest first; `before` is the device id that the page before ended with. */
  newest(limit: number, before?: string): DeviceRow[] {
    return this.#newest.all(before ?? null, limit);
  }

  /** Devices in certificate debt, oldest first; `after` is the device id that the page before ended with. */
  inCertificateDebt(limit: number, after?: string): DeviceRow[] {
    return this.#inDebt.all(after ?? null, limit);
  }

  /** What a later harvest found. @returns false where the certificate was verified before: that stays */
  judgeCertificate(
    deviceId: string,
    found: Pick<DeviceRow, 'certificate_status' | 'certificate' | 'certificate_debt'>,
  ): boolean {
    const { certificate_status, certificate, certificate_debt } = found;
    return this.#judgeCertificate.run(certificate_status, certificate, certificate_debt, deviceId) === 1;
  }

  /** @returns false where the device already has a serial: that is never overwritten here */
  nameSerial(deviceId: string, serial: string): boolean {
    return this.#nameSerial.run(serial, deviceId) === 1;
  }
}
