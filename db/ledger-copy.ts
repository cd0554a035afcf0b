/**
 * A copy of a ledger while others go on writing, by SQLite's online backup. It is all of one moment: the source is read in one
 * snapshot, so that writers neither wait nor make the copy begin anew. The copy has no WAL and can be read on a
 * write-protected medium; opened as a ledger, it gets one again.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { fileSystem } from './file-failure.ts';
import { busyTimeoutMs } from './pragmas.ts';
import { ledgerFailure, speakingLedger } from './sqlite-failure.ts';

/** 16 MiB: between two steps a stop is looked for. */
const PAGES_AT_ONCE = 1024;

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * Durable when it ends. @param destination a file that is not there yet
 * @throws LedgerError; what `signal` was ended with
 */
export async function copyLedger(
  source: string,
  destination: string,
  options: CopyOptions = {},
): Promise<void> {
  const { signal, onProgress } = options;
  const db = speakingLedger(
    () => new Database(source, { fileMustExist: true, readonly: true, timeout: busyTimeoutMs }),
  );
  try {
    db.exec('BEGIN');
    // The first read is what takes the snapshot.
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    await db.backup(destination, {
      progress: ({ totalPages, remainingPages }) => {
        signal?.throwIfAborted();
        if (totalPages > 0) onProgress?.(1 - remainingPages / totalPages);
        return PAGES_AT_ONCE;
      },
    });
  } catch (error) {
    throw ledgerFailure(error);
  } finally {
    db.close();
  }
  speakingLedger(() => {
    const copy = new Database(destination, { fileMustExist: true });
    try {
      copy.pragma('journal_mode = DELETE');
    } finally {
      copy.close();
    }
  });
  fileSystem(() => {
    const descriptor = openSync(destination, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** SQLite's full check of every page and index of a file. @returns what is wrong, empty when nothing is */
export function integrityFaults(file: string): string[] {
  try {
    const db = new Database(file, { fileMustExist: true, readonly: true });
    try {
      const rows = db.pragma('integrity_check') as { integrity_check: string }[];
      return rows.map(row => row.integrity_check).filter(finding => finding !== 'ok');
    } finally {
      db.close();
    }
  } catch (error) {
    // Damage of some kinds ends the check instead of being listed by it.
    if (error instanceof Database.SqliteError) return [`${error.message} (${error.code})`];
    throw error;
  }
}
