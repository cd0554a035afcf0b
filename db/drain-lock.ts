/**
 * One drain per ledger, however many processes run (rule O6). The lock is SQLite's exclusive lock on an empty file of
 * its own, so it is the operating system that lets go of it when the process dies, however it dies. Nothing is ever
 * written to the file. No one may open it by other means in the same process: closing it there would drop the lock.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fileSystem } from './file-failure.ts';
import { refuseOldRuntime } from './runtime.ts';
import { speakingLedger } from './sqlite-failure.ts';

export const drainLockFile = 'drain.lock';

export interface DrainLock {
  release(): void;
}

/** @returns undefined where another drain, in this process or another one, holds the lock */
export function acquireDrainLock(directory: string): DrainLock | undefined {
  refuseOldRuntime(process.versions);
  fileSystem(() => accessSync(directory, constants.W_OK), 'read-only');
  return speakingLedger(() => {
    const db = new Database(join(directory, drainLockFile), { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
      throw error;
    }
    return { release: () => void db.close() };
  });
}
