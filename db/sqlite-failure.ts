/**
 * SQLite's result codes in the ledger's words (https://www.sqlite.org/rescode.html). Matches on the name of the primary
 * code at the front of the extended one, so that a code SQLite adds later still lands in the right place.
 */
import Database from 'better-sqlite3';
import { LedgerError, type LedgerErrorCode } from './errors.ts';

const codes: readonly (readonly [prefix: string, code: LedgerErrorCode])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_NOTADB', 'not-sqlite'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_PERM', 'unreadable'],
  ['SQLITE_AUTH', 'unreadable'],
  ['SQLITE_CANTOPEN', 'unreadable'],
  ['SQLITE_CONSTRAINT', 'refused'],
  ['SQLITE_MISMATCH', 'refused'],
];

/** A LedgerError for what SQLite reports; anything else unchanged (a fault of the caller stays recognisable). */
export function ledgerFailure(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const known = codes.find(([prefix]) => error.code.startsWith(prefix));
  return known ? new LedgerError(known[1], `${error.message} (${error.code})`, { cause: error }) : error;
}

/** Runs `work` and throws what SQLite reports as LedgerError. */
export function speakingLedger<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw ledgerFailure(error);
  }
}
