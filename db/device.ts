/**
 * Devices: made by a passed harvest or an import. In force, each reserves its EK, its registration id, and its serial within
 * its product (rule H6); retired, it keeps its row and reserves nothing.
 */
import type Database from 'better-sqlite3';
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
  'certificate_detail',
  'harvest_id',
  'created_at',
  'predecessor_id',
  'retired_at',
  'retired_reason',
] as const satisfies (keyof DeviceRow)[];

type DeviceLabels = Pick<DeviceRow, 'serial' | 'work_order'>;

export class DeviceTable {
  readonly #insert: Statement;
  readonly #get: Statement<DeviceRow>;
  readonly #labels: Statement<DeviceLabels>;
  readonly #inForce: Readonly<Record<'registration_id' | 'ek_sha256', Statement<DeviceRow>>>;
  readonly #bySerial: Statement<DeviceRow>;
  readonly #ofSerial: Statement<DeviceRow>;
  readonly #retired: Readonly<
    Record<'registration_id' | 'ek_sha256' | 'serial' | 'any_serial', Statement<DeviceRow>>
  >;
  readonly #successors: Statement<DeviceRow>;
  readonly #retire: Statement;
  readonly #oldest: Statement<DeviceRow>;
  readonly #nameSerial: Statement;
  readonly #inDebt: Statement<DeviceRow>;
  readonly #judgeCertificate: Statement;
  readonly #revokeCertificate: Statement;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM device`;
    const inForce = 'retired_at IS NULL';
    const retired = 'retired_at IS NOT NULL';
    this.#insert = new Statement(db, insertSql('device', columns));
    this.#get = new Statement(db, `${select} WHERE device_id = ?`);
    this.#labels = new Statement(db, 'SELECT serial, work_order FROM device WHERE device_id = ?');
    this.#inForce = {
      registration_id: new Statement(db, `${select} WHERE registration_id = ? AND ${inForce}`),
      ek_sha256: new Statement(db, `${select} WHERE ek_sha256 = ? AND ${inForce}`),
    };
    this.#bySerial = new Statement(db, `${select} WHERE serial = ? AND product = ? AND ${inForce}`);
    this.#ofSerial = new Statement(db, `${select} WHERE serial = ? AND ${inForce} ORDER BY product`);
    const latest = 'ORDER BY number DESC LIMIT 100';
    this.#retired = {
      registration_id: new Statement(db, `${select} WHERE registration_id = ? AND ${retired} ${latest}`),
      ek_sha256: new Statement(db, `${select} WHERE ek_sha256 = ? AND ${retired} ${latest}`),
      serial: new Statement(db, `${select} WHERE serial = ? AND product = ? AND ${retired} ${latest}`),
      any_serial: new Statement(db, `${select} WHERE serial = ? AND ${retired} ORDER BY product LIMIT 100`),
    };
    this.#successors = new Statement(db, `${select} WHERE predecessor_id = ? ORDER BY number`);
    this.#retire = new Statement(
      db,
      `UPDATE device SET retired_at = ?, retired_reason = ? WHERE device_id = ? AND ${inForce}`,
    );
    this.#oldest = new Statement(
      db,
      `${select} WHERE number > coalesce((SELECT number FROM device WHERE device_id = ?), 0) ORDER BY number LIMIT ?`,
    );
    this.#nameSerial = new Statement(
      db,
      'UPDATE device SET serial = ? WHERE device_id = ? AND serial IS NULL',
    );
    this.#inDebt = new Statement(
      db,
      `${select} INDEXED BY device_in_debt
       WHERE certificate_debt = 1 AND retired_at IS NULL AND number > coalesce((SELECT number FROM device WHERE device_id = ?), 0)
       ORDER BY number LIMIT ?`,
    );
    this.#judgeCertificate = new Statement(
      db,
      `UPDATE device SET certificate_status = ?, certificate = coalesce(?, certificate), certificate_debt = ?,
         certificate_detail = ?
       WHERE device_id = ? AND certificate_status <> 'verified'`,
    );
    this.#revokeCertificate = new Statement(
      db,
      `UPDATE device SET certificate_status = 'revoked', certificate_debt = 1, certificate_detail = ?
       WHERE device_id = ? AND ${inForce}`,
    );
  }

  insert(row: DeviceRow): void {
    this.#insert.insert(row);
  }

  get(deviceId: string): DeviceRow | undefined {
    return this.#get.get(deviceId);
  }

  /** Without the key and the certificate, which most readers have no use for. */
  labelsOf(deviceId: string): DeviceLabels | undefined {
    return this.#labels.get(deviceId);
  }

  /** In force. */
  byRegistrationId(registrationId: string): DeviceRow | undefined {
    return this.#inForce.registration_id.get(registrationId);
  }

  /** In force. @param ekSha256 hex, lower case */
  byEkSha256(ekSha256: string): DeviceRow | undefined {
    return this.#inForce.ek_sha256.get(ekSha256);
  }

  /** In force. */
  bySerial(serial: string, product: string): DeviceRow | undefined {
    return this.#bySerial.get(serial, product);
  }

  /** In force, of every product. */
  ofSerial(serial: string): DeviceRow[] {
    return this.#ofSerial.all(serial);
  }

  /** Newest first, at most 100. */
  retiredByRegistrationId(registrationId: string): DeviceRow[] {
    return this.#retired.registration_id.all(registrationId);
  }

  /** Of every product, at most 100. */
  retiredOfSerial(serial: string): DeviceRow[] {
    return this.#retired.any_serial.all(serial);
  }

  /** The one that was recorded last. */
  lastRetiredByEkSha256(ekSha256: string): DeviceRow | undefined {
    return this.#retired.ek_sha256.get(ekSha256);
  }

  /** The one that was recorded last. */
  lastRetiredBySerial(serial: string, product: string): DeviceRow | undefined {
    return this.#retired.serial.get(serial, product);
  }

  /** Devices that go on from this one, oldest first. */
  successorsOf(deviceId: string): DeviceRow[] {
    return this.#successors.all(deviceId);
  }

  /** Takes a device out of service for good. @returns false where it is not in force */
  retire(deviceId: string, at: number, reason: string): boolean {
    return this.#retire.run(at, reason, deviceId) === 1;
  }

  /** Oldest first, retired ones too; `after` is the device id that the page before ended with. */
  oldest(limit: number, after?: string): DeviceRow[] {
    return this.#oldest.all(after ?? null, limit);
  }

  /** Devices in force in certificate debt, oldest first; `after` is the device id that the page before ended with. */
  inCertificateDebt(limit: number, after?: string): DeviceRow[] {
    return this.#inDebt.all(after ?? null, limit);
  }

  /** What was found later. @returns false where the certificate was verified before: that stays but for a revocation */
  judgeCertificate(
    deviceId: string,
    found: Pick<DeviceRow, 'certificate_status' | 'certificate' | 'certificate_debt' | 'certificate_detail'>,
  ): boolean {
    const { certificate_status, certificate, certificate_debt, certificate_detail } = found;
    return (
      this.#judgeCertificate.run(
        certificate_status,
        certificate,
        certificate_debt,
        certificate_detail,
        deviceId,
      ) === 1
    );
  }

  /** Its maker revoked a certificate of its chain: it is in debt, whatever it was. @returns false where it is not in force */
  revokeCertificate(deviceId: string, detail: string): boolean {
    return this.#revokeCertificate.run(detail, deviceId) === 1;
  }

  /** @returns false where the device already has a serial: that is never overwritten here */
  nameSerial(deviceId: string, serial: string): boolean {
    return this.#nameSerial.run(serial, deviceId) === 1;
  }
}
