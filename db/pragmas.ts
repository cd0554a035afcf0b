/**
 * What a connection must be set to before a row may be called durable (rules O1, H5), set and read back on every open.
 * The trap: the driver is built so that a WAL database runs at synchronous=NORMAL unless FULL is asked for each time.
 */
import type Database from 'better-sqlite3';
import { LedgerError } from './errors.ts';

/** Bytes; set at creation only. Large pages make whole-file checks several times faster on a cold disk. */
export const pageSize = 16384;
export const busyTimeoutMs = 5000;

const connectionPragmas: readonly (readonly [name: string, set: string, read: string | number])[] = [
  ['busy_timeout', String(busyTimeoutMs), busyTimeoutMs],
  ['trusted_schema', 'OFF', 0],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  // REPLACE then counts as a DELETE for the triggers that refuse one.
  ['recursive_triggers', 'ON', 1],
  ['cell_size_check', 'ON', 1],
];

/** @throws LedgerError `not-durable` where a setting does not hold, e.g. WAL on a network file system */
export function setPragmas(db: Database.Database): void {
  for (const [name, value] of connectionPragmas) db.pragma(`${name} = ${value}`);
  for (const [name, , expected] of [...connectionPragmas, ['page_size', '', pageSize] as const]) {
    const actual = db.pragma(name, { simple: true });
    if (actual !== expected) {
      throw new LedgerError(
        'not-durable',
        `PRAGMA ${name} is ${String(actual)}, must be ${String(expected)}`,
      );
    }
  }
}
