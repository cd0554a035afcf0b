/**
 * What a reconciliation must remember while it walks through all enrollments, on disk so that memory stays flat at a
 * million: the ids that were seen, and what was found. One reconciliation at a time on a ledger, by a lock that dies with
 * its process. The notes are of no use afterwards: they go with the object, and where it was killed, with its file name at
 * once (POSIX) or at the next reconciliation (Windows).
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fileSystem } from './file-failure.ts';
import { acquireFileLock, type FileLock } from './file-lock.ts';
import { speakingLedger } from './sqlite-failure.ts';
import { Statement } from './statement.ts';

export const reconciliationLockFile = 'reconciliation.lock';
export const reconciliationNotesFile = 'reconciliation.sqlite';

/** KiB of pages in memory; the rest of the file is read when needed. */
const cacheKib = 8 * 1024;

export interface NotedFinding {
  readonly number: number;
  readonly kind: string;
  /** JSON text. */
  readonly finding: string;
}

export class ReconciliationNotes {
  readonly #db: Database.Database;
  readonly #lock: FileLock;
  readonly #file: string;
  readonly #note: Statement;
  readonly #noted: Statement<{ found: number }>;
  readonly #add: Statement;
  readonly #after: Statement<NotedFinding>;

  /** @returns undefined where another reconciliation of this ledger runs */
  static open(directory: string): ReconciliationNotes | undefined {
    const lock = acquireFileLock(directory, reconciliationLockFile);
    if (!lock) return undefined;
    try {
      return new ReconciliationNotes(directory, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  private constructor(directory: string, lock: FileLock) {
    this.#lock = lock;
    this.#file = join(directory, reconciliationNotesFile);
    this.#remove();
    fileSystem(() => closeSync(openSync(this.#file, 'wx', 0o600)));
    this.#db = speakingLedger(() => new Database(this.#file));
    try {
      speakingLedger(() => {
        for (const pragma of [
          'locking_mode = EXCLUSIVE',
          'journal_mode = OFF',
          'synchronous = OFF',
          `cache_size = -${cacheKib}`,
        ])
          this.#db.pragma(pragma);
        this.#db.exec(`
          CREATE TABLE seen (id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
          CREATE TABLE finding (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, finding TEXT NOT NULL) STRICT;`);
      });
      // A name that is gone leaves nothing behind, whatever becomes of this process. Windows keeps names of open files.
      if (process.platform !== 'win32') this.#remove();
      this.#note = new Statement(this.#db, 'INSERT OR IGNORE INTO seen VALUES (?)');
      this.#noted = new Statement(this.#db, 'SELECT 1 AS found FROM seen WHERE id = ?');
      this.#add = new Statement(this.#db, 'INSERT INTO finding (kind, finding) VALUES (?, ?)');
      this.#after = new Statement(
        this.#db,
        'SELECT number, kind, finding FROM finding WHERE number > ? ORDER BY number LIMIT ?',
      );
    } catch (error) {
      this.#db.close();
      this.#remove();
      throw error;
    }
  }

  /** @returns those that were not seen before, in their order */
  see(ids: readonly string[]): Set<string> {
    return speakingLedger(() =>
      this.#db.transaction(() => new Set(ids.filter(id => this.#note.run(digestOf(id)) === 1)))(),
    );
  }

  wasSeen(id: string): boolean {
    return this.#noted.get(digestOf(id)) !== undefined;
  }

  /** @param finding JSON text */
  add(kind: string, finding: string): void {
    this.#add.run(kind, finding);
  }

  /** In the order in which they were found, behind the number `after` (0: from the first). */
  findings(limit: number, after: number): NotedFinding[] {
    return this.#after.all(after, limit);
  }

  close(): void {
    this.#db.close();
    this.#remove();
    this.#lock.release();
  }

  #remove(): void {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(this.#file + suffix, { force: true });
  }
}

/** 128 bits are enough to tell some millions of ids apart, however long these are. */
function digestOf(id: string): Buffer {
  return createHash('sha256').update(id).digest().subarray(0, 16);
}
