/**
 * The devices of a work order for the papers of its lot: added up inside SQLite, some thousand of the ledger's devices at a time, and
 * one by one only those that the papers name. So nothing grows with the lot, and whoever reads can give way in between.
 */
import type Database from 'better-sqlite3';
import type { DeviceRow } from './rows.ts';
import { Statement } from './statement.ts';

/** Devices that are alike in all that the papers tell apart. */
export interface LotDeviceGroup extends Pick<DeviceRow, 'product' | 'origin'> {
  /** 1 where they left service. */
  readonly retired: 0 | 1;
  /** See `unmet`. */
  readonly unmet: string | null;
  readonly devices: number;
  readonly debt: number;
  readonly revoked: number;
  /** When the first and the last one were recorded, epoch milliseconds. */
  readonly first: number;
  readonly last: number;
}

export interface LotExceptionRow extends Pick<DeviceRow, 'serial' | 'registration_id'> {
  readonly why: string;
  readonly at: number;
}

const devicesPerSlice = 4096;

/**
 * Why DPS has a device not, or not to be used: null where it acknowledged a create or a change; the state of the newest entry; `delete`,
 * because a deletion is no enrollment; `disable`, because an update of a disabled device leaves it disabled; `none`.
 */
const unmet = `CASE
  WHEN newest.state IS NULL THEN 'none'
  WHEN newest.state <> 'enrolled' THEN newest.state
  WHEN newest.operation = 'delete' THEN 'delete'
  WHEN 'disable' = (SELECT operation FROM outbox WHERE device_id = device.device_id
    AND operation IN ('disable', 'enable') AND state <> 'cancelled' ORDER BY number DESC LIMIT 1) THEN 'disable'
  END`;
const withNewest = `device INDEXED BY device_by_work_order LEFT JOIN outbox AS newest
  ON newest.number = (SELECT max(number) FROM outbox WHERE device_id = device.device_id)`;
const alone = 'device INDEXED BY device_by_work_order';
const range = 'work_order = ? AND device.number > ? AND device.number <= ?';

export class LotDevices {
  readonly #groups: Statement<LotDeviceGroup>;
  readonly #retired: Statement<LotExceptionRow>;
  readonly #notEnrolled: Statement<LotExceptionRow>;
  readonly #revoked: Statement<LotExceptionRow>;
  readonly #through: Statement<{ number: number }>;

  constructor(db: Database.Database) {
    this.#groups = new Statement(
      db,
      `SELECT product, origin, retired_at IS NOT NULL AS retired, ${unmet} AS unmet, count(*) AS devices,
         sum(certificate_debt) AS debt, sum(certificate_status = 'revoked') AS revoked,
         min(device.created_at) AS first, max(device.created_at) AS last
       FROM ${withNewest} WHERE ${range} GROUP BY 1, 2, 3, 4`,
    );
    const listed = (why: string, at: string, from: string, where: string) =>
      new Statement<LotExceptionRow>(
        db,
        `SELECT serial, device.registration_id, ${why} AS why, ${at} AS at
         FROM ${from} WHERE ${range} AND ${where} ORDER BY device.number`,
      );
    this.#retired = listed('retired_reason', 'retired_at', alone, 'retired_at IS NOT NULL');
    this.#notEnrolled = listed(
      `${unmet} || coalesce(': ' || newest.reason, '')`,
      'device.created_at',
      withNewest,
      `retired_at IS NULL AND ${unmet} IS NOT NULL`,
    );
    this.#revoked = listed(
      'coalesce(certificate_detail, certificate_status)',
      'created_at',
      alone,
      `retired_at IS NULL AND certificate_status = 'revoked'`,
    );
    this.#through = new Statement(db, 'SELECT coalesce(max(number), 0) AS number FROM device');
  }

  /** The same group comes again and again. */
  groups(workOrder: string): Generator<readonly LotDeviceGroup[], void, undefined> {
    return this.#slices(this.#groups, workOrder);
  }

  retired(workOrder: string): Generator<readonly LotExceptionRow[], void, undefined> {
    return this.#slices(this.#retired, workOrder);
  }

  notEnrolled(workOrder: string): Generator<readonly LotExceptionRow[], void, undefined> {
    return this.#slices(this.#notEnrolled, workOrder);
  }

  revoked(workOrder: string): Generator<readonly LotExceptionRow[], void, undefined> {
    return this.#slices(this.#revoked, workOrder);
  }

  *#slices<Row>(rows: Statement<Row>, workOrder: string): Generator<readonly Row[], void, undefined> {
    const through = this.#through.get()!.number;
    for (let from = 0; from < through; from += devicesPerSlice)
      yield rows.all(workOrder, from, Math.min(through, from + devicesPerSlice));
  }
}
