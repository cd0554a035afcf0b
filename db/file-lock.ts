/**
 * A lock that dies with its process, however it dies: SQLite's exclusive lock on an empty file of its own, which the
 * operating system lets go of. Nothing is ever written to the file. No one may open it by other means in the same process:
 * closing it there would drop the lock.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fileSystem } from './file-failure.ts';
import { refuseOldRuntime } from './runtime.ts';
import { speakingLedger } from './sqlite-failure.ts';

export interface FileLock {
  release(): void;
}

/** @returns undefined where this process or another one holds it, or a share of it */
export function acquireFileLock(directory: string, name: string): FileLock | undefined {
  return lockFile(directory, name, 'BEGIN EXCLUSIVE');
}

/** A share of the lock: any number may be held at once. @returns undefined where somebody holds the whole of it */
export function shareFileLock(directory: string, name: string): FileLock | undefined {
  // The read is what takes the share, and the transaction keeps it.
  return lockFile(directory, name, 'BEGIN; SELECT count(*) FROM sqlite_master');
}

function lockFile(directory: string, name: string, how: string): FileLock | undefined {
  refuseOldRuntime(process.versions);
  fileSystem(() => accessSync(directory, constants.W_OK), 'read-only');
  return speakingLedger(() => {
    const db = new Database(join(directory, name), { timeout: 0 });
    try {
      db.exec(how);
    } catch (error) {
      db.close();
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
      throw error;
    }
    return { release: () => void db.close() };
  });
}
