/**
 * A ledger of very many devices, made in one stroke by SQL instead of harvest by harvest: each device with a key, a
 * certificate and an outbox entry of their usual sizes. Serials run on as on a line; of the entries one in a thousand is
 * in conflict, the newest wait. For measuring what reads; no audit log fits to it.
 */
import { createHash, randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { createLedger } from '../../db/ledger-file.ts';
import { inOneStroke } from './in-one-stroke.ts';

/** The serial of device number `n`, from 1 on. */
export const serialOf = (n: number): string => `KL26-${String(n).padStart(8, '0')}`;
/** Hex, lower case. */
export const ekSha256Of = (n: number): string => createHash('sha256').update(`ek ${n}`).digest('hex');
/** Epoch milliseconds: one device every two seconds. */
export const recordedAtOf = (n: number): number => Date.UTC(2026, 0, 1) + n * 2000;

/** The work order of device number `n`. */
export const workOrderOf = (n: number): string =>
  `WO-${String(Math.floor((n + DEVICES_A_WORK_ORDER - 1) / DEVICES_A_WORK_ORDER)).padStart(5, '0')}`;

const DEVICES_A_WORK_ORDER = 500;

/** Makes the ledger at `path`, without a station. */
export function makeLedgerOfDevices(path: string, devices: number): void {
  createLedger(path, { kind: 'rehearsal', ledgerId: randomUUID(), now: recordedAtOf(0) }).close();
  fillLedgerWithDevices(path, devices, { waiting: 2000 });
}

/**
 * Into a ledger without devices.
 * @param of.waiting the newest so many are not in DPS yet. Their documents are empty: no DPS would take them
 */
export function fillLedgerWithDevices(path: string, devices: number, of: { readonly waiting: number }): void {
  inOneStroke(path, db => {
    db.function('serial_of', { deterministic: true }, n => serialOf(n as number));
    db.function('ek_of', { deterministic: true }, n => ekSha256Of(n as number));
    insertDevices(db, devices, of.waiting);
  });
}

function insertDevices(db: Database.Database, devices: number, waiting: number): void {
  const series = 'WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ?)';
  db.prepare(
    `${series} INSERT INTO device (number, device_id, serial, product, work_order, origin, registration_id, ek_sha256,
       endorsement_key, ek_template, certificate_status, certificate, certificate_debt, harvest_id, created_at)
     SELECT n, 'device-' || n, serial_of(n), 'gateway', printf('WO-%05d', (n + ${DEVICES_A_WORK_ORDER - 1}) / ${DEVICES_A_WORK_ORDER}),
       'harvested', 'reg-' || substr(ek_of(n), 1, 40), ek_of(n), randomblob(316), 'L-1', 'verified', randomblob(1016), 0,
       'harvest-' || n, ${recordedAtOf(0)} + n * 2000 FROM series`,
  ).run(devices);
  db.prepare(
    `INSERT INTO outbox (number, entry_id, device_id, harvest_id, registration_id, operation, document, state, attempts,
       not_before, created_at)
     SELECT number, 'entry-' || number, device_id, harvest_id, registration_id, 'create', hex(zeroblob(250)),
       CASE WHEN number % 1000 = 0 THEN 'conflict' WHEN number > ? THEN 'queued' ELSE 'enrolled' END, 1,
       created_at, created_at FROM device`,
  ).run(devices - waiting);
}
