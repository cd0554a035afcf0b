/**
 * What an import must remember of a file of a million rows, on disk so that memory stays flat: which key and which serial
 * stood in it already, and, where somebody will look at them, what was said of each row. The notes are of no use afterwards:
 * they go with the object, and where it was killed, with their file's name at once (POSIX).
 */
import { createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fileSystem } from './file-failure.ts';
import { speakingLedger } from './sqlite-failure.ts';
import { Statement } from './statement.ts';

/** KiB of pages in memory; the rest of the file is read when needed. */
const cacheKib = 32 * 1024;

export interface NotedKey {
  readonly row: number;
  readonly serial: string | null;
  readonly product: string;
}

export interface NotedVerdict {
  /** 1-based, in the order in which they were said. */
  readonly number: number;
  readonly kind: string;
  /** JSON text. */
  readonly verdict: string;
}

export class ImportNotes {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #key: Statement<NotedKey>;
  readonly #keyOfSerial: Statement<{ ek: Buffer }>;
  readonly #noteKey: Statement;
  readonly #noteSerial: Statement;
  readonly #add: Statement;
  readonly #after: Statement<NotedVerdict>;
  readonly #afterOfKind: Statement<NotedVerdict>;

  constructor(directory: string) {
    this.#file = join(directory, `import-notes-${randomUUID()}.sqlite`);
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
          CREATE TABLE key (ek BLOB PRIMARY KEY, row INTEGER NOT NULL, serial TEXT, product TEXT NOT NULL) STRICT, WITHOUT ROWID;
          CREATE TABLE serial (serial BLOB PRIMARY KEY, ek BLOB NOT NULL) STRICT, WITHOUT ROWID;
          CREATE TABLE verdict (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, verdict TEXT NOT NULL) STRICT;
          CREATE INDEX verdict_by_kind ON verdict (kind, number);
          BEGIN;`);
      });
      // A name that is gone leaves nothing behind, whatever becomes of this process. Windows keeps names of open files.
      if (process.platform !== 'win32') this.#remove();
      this.#key = new Statement(this.#db, 'SELECT row, serial, product FROM key WHERE ek = ?');
      this.#keyOfSerial = new Statement(this.#db, 'SELECT ek FROM serial WHERE serial = ?');
      this.#noteKey = new Statement(
        this.#db,
        'INSERT OR REPLACE INTO key (ek, row, serial, product) VALUES (?, ?, ?, ?)',
      );
      this.#noteSerial = new Statement(this.#db, 'INSERT OR REPLACE INTO serial (serial, ek) VALUES (?, ?)');
      this.#add = new Statement(this.#db, 'INSERT INTO verdict (kind, verdict) VALUES (?, ?)');
      const columns = 'SELECT number, kind, verdict FROM verdict';
      this.#after = new Statement(this.#db, `${columns} WHERE number > ? ORDER BY number LIMIT ?`);
      this.#afterOfKind = new Statement(
        this.#db,
        `${columns} WHERE kind = ? AND number > ? ORDER BY number LIMIT ?`,
      );
    } catch (error) {
      this.#db.close();
      this.#remove();
      throw error;
    }
  }

  /** @param ekSha256 hex */
  key(ekSha256: string): NotedKey | undefined {
    return this.#key.get(short(ekSha256));
  }

  /** Whether this serial of this product stood there with another key. */
  hasOtherKey(serial: string, product: string, ekSha256: string): boolean {
    const found = this.#keyOfSerial.get(nameOf(serial, product));
    return found !== undefined && !found.ek.equals(short(ekSha256));
  }

  note(ekSha256: string, { row, serial, product }: NotedKey): void {
    this.#noteKey.run(short(ekSha256), row, serial, product);
    if (serial !== null) this.#noteSerial.run(nameOf(serial, product), short(ekSha256));
  }

  /** @param verdict JSON text */
  addVerdict(kind: string, verdict: string): void {
    this.#add.run(kind, verdict);
  }

  /** In their order, behind the number `after` (0: from the first); of one kind or of all. */
  verdicts(limit: number, after: number, kind?: string): NotedVerdict[] {
    return kind === undefined ? this.#after.all(after, limit) : this.#afterOfKind.all(kind, after, limit);
  }

  close(): void {
    this.#db.close();
    this.#remove();
  }

  #remove(): void {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(this.#file + suffix, { force: true });
  }
}

/** 128 bits are enough to tell some millions of keys apart. */
function short(hex: string): Buffer {
  return Buffer.from(hex.slice(0, 32), 'hex');
}

function nameOf(serial: string, product: string): Buffer {
  return createHash('sha256').update(`${product}\0${serial}`).digest().subarray(0, 16);
}
