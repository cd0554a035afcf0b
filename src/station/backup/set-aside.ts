/**
 * Puts a ledger in the place of another one, which is kept by another name and never deleted (rule S4). Whatever moment this
 * ends at, either the old ledger is in its place with its WAL, or none is and all of the old one lies in the folder
 * that it was set aside into; then the station stops with `ledger-missing`.
 */
import { existsSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { syncDirectorySync } from '../../audit/sync-directory.ts';

/** Of the folders that ledgers are put aside into. */
export const setAsideBeginning = 'set-aside-';
/** SQLite's files beside a database. A WAL that stayed would be taken for that of the next ledger. */
const endings = ['', '-wal', '-shm', '-journal'];

/** @returns the folder that what was there went to; undefined: nothing was there */
export function putLedgerInPlace(staged: string, place: string, at: number): string | undefined {
  const root = path.dirname(place);
  const there = endings.filter(ending => existsSync(place + ending));
  let aside: string | undefined;
  if (there.length > 0) {
    aside = path.join(root, `${setAsideBeginning}${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}`);
    mkdirSync(aside, { mode: 0o700 });
    // A second name for each, so that there is no moment in which ledger and WAL are apart.
    for (const ending of there) linkSync(place + ending, path.join(aside, path.basename(place) + ending));
    syncDirectorySync(aside);
    syncDirectorySync(root);
    for (const ending of there) rmSync(place + ending);
    syncDirectorySync(root);
  }
  linkSync(staged, place);
  syncDirectorySync(root);
  return aside;
}
