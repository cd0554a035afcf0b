/** Who uses the ledger of a data directory: any number of processes at once, or one that puts another ledger in its place. */
import { acquireFileLock, type FileLock, shareFileLock } from './file-lock.ts';

export const ledgerUseFile = 'use.lock';

/** Held as long as the ledger is open. @returns undefined while another ledger is put in its place */
export function shareLedgerUse(directory: string): FileLock | undefined {
  return shareFileLock(directory, ledgerUseFile);
}

/** @returns undefined while any process has the ledger open */
export function ownLedgerUse(directory: string): FileLock | undefined {
  return acquireFileLock(directory, ledgerUseFile);
}
