/** One drain per ledger, however many processes run (rule O6): a lock on a file beside the ledger. */
import { acquireFileLock, type FileLock } from './file-lock.ts';

export const drainLockFile = 'drain.lock';

export type DrainLock = FileLock;

/** @returns undefined where another drain, in this process or another one, holds the lock */
export function acquireDrainLock(directory: string): DrainLock | undefined {
  return acquireFileLock(directory, drainLockFile);
}
