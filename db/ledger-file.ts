/**
 * The ledger as a file: made once, whole or not at all, readable by its owner only, and refused with a reason where it
 * is not what it should be (rule S4). The file at the path is untrusted: it is judged by its header before SQLite may
 * write beside it.
 */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { AuditJoin, type SchemaObject } from './audit-join.ts';
import { LedgerError } from './errors.ts';
import { fileSystem } from './file-failure.ts';
import { Ledger } from './ledger.ts';
import { migrate, refuseNewerSchema, schemaVersion, schemaVersionOf } from './migrations.ts';
import { busyTimeoutMs, pageSize, setPragmas } from './pragmas.ts';
import type { LedgerKind, LedgerRow } from './rows.ts';
import { refuseOldRuntime } from './runtime.ts';
import { speakingLedger } from './sqlite-failure.ts';

/** "KyLn": SQLite's application_id of a ledger, at offset 68 of the file. */
export const applicationId = 0x4b794c6e;
const magic = Buffer.from('SQLite format 3\0', 'latin1');
const headerBytes = 100;
const applicationIdOffset = 68;
const userVersionOffset = 60;

export interface NewLedger {
  readonly kind: LedgerKind;
  readonly ledgerId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a ledger of today's schema is made of: tables, indexes and the triggers that keep it. */
export function freshSchema(): SchemaObject[] {
  const db = new Database(':memory:');
  try {
    migrate(db);
    return new AuditJoin(db).schema();
  } finally {
    db.close();
  }
}

/** Whether a file begins as an SQLite database. */
export function beginsAsDatabase(path: string): boolean {
  try {
    return statSync(path).isFile() && readHeader(path).subarray(0, magic.length).equals(magic);
  } catch {
    return false;
  }
}

/** Makes a ledger beside its final place and links it in when it is whole: a crash or a full disk leaves none. */
export function createLedger(path: string, made: NewLedger): Ledger {
  refuseOldRuntime(process.versions);
  const place = resolve(path);
  const draft = `${place}.new-${randomBytes(6).toString('hex')}`;
  try {
    fileSystem(() => closeSync(openSync(draft, 'wx', 0o600)));
    speakingLedger(() => writeFirstRows(draft, made));
    fileSystem(() => linkSync(draft, place));
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
  }
  fileSystem(() => syncDirectory(dirname(place)));
  return openLedger(place);
}

function writeFirstRows(draft: string, made: NewLedger): void {
  const db = new Database(draft, { timeout: busyTimeoutMs });
  try {
    db.pragma(`page_size = ${pageSize}`);
    db.pragma(`application_id = ${applicationId}`);
    setPragmas(db);
    migrate(db);
    db.prepare('INSERT INTO ledger VALUES (?, ?, ?)').run(made.ledgerId, made.kind, made.now);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

export function openLedger(path: string): Ledger {
  refuseOldRuntime(process.versions);
  const place = resolve(path);
  judgeFile(place);
  return speakingLedger(() => {
    const db = new Database(place, { fileMustExist: true, timeout: busyTimeoutMs });
    try {
      setPragmas(db);
      migrate(db);
      const identity = db.prepare<[], LedgerRow>('SELECT ledger_id, kind, created_at FROM ledger').get();
      if (!identity) throw new LedgerError('corrupt', 'the ledger has no identity row');
      return new Ledger(db, place, identity);
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/**
 * Opens a ledger for reading alone: evidence that must stay as it is.
 * @returns undefined where that is impossible: one of an earlier schema, or in a folder that cannot be written while its
 *   newest commits are still in its WAL. A copy of it can be opened.
 */
export function openLedgerToRead(path: string): Ledger | undefined {
  refuseOldRuntime(process.versions);
  const place = resolve(path);
  judgeHeader(place);
  return speakingLedger(() => {
    let db: Database.Database | undefined;
    try {
      db = new Database(place, { fileMustExist: true, readonly: true, timeout: busyTimeoutMs });
      db.pragma('trusted_schema = OFF');
      db.pragma('cell_size_check = ON');
      const version = schemaVersionOf(db);
      refuseNewerSchema(version);
      if (version < schemaVersion) {
        db.close();
        return undefined;
      }
      const identity = db.prepare<[], LedgerRow>('SELECT ledger_id, kind, created_at FROM ledger').get();
      if (!identity) throw new LedgerError('corrupt', 'the ledger has no identity row');
      return new Ledger(db, place, identity);
    } catch (error) {
      db?.close();
      if (isUnwritable(error)) return undefined;
      throw error;
    }
  });
}

/** A WAL can only be read where its index can be written. */
function isUnwritable(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code);
}

function judgeFile(place: string): void {
  judgeHeader(place);
  fileSystem(() => accessSync(place, constants.R_OK | constants.W_OK), 'read-only');
  fileSystem(() => accessSync(dirname(place), constants.W_OK), 'read-only');
}

function judgeHeader(place: string): void {
  const stat = fileSystem(() => statSync(place));
  if (!stat.isFile()) throw new LedgerError('not-a-file', `${place} is not a file`);
  const header = fileSystem(() => readHeader(place));
  if (!header.subarray(0, magic.length).equals(magic)) {
    throw new LedgerError('not-sqlite', `${place} does not begin as an SQLite database`);
  }
  if (header.length < headerBytes) throw new LedgerError('corrupt', `${place} ends within its header`);
  if (header.readUInt32BE(applicationIdOffset) !== applicationId) {
    throw new LedgerError('not-a-ledger', `${place} is the database of another program`);
  }
  // Before SQLite opens it: even setting a pragma would write to a file that a newer Keyline understands better.
  refuseNewerSchema(header.readUInt32BE(userVersionOffset));
}

function readHeader(place: string): Buffer {
  const descriptor = openSync(place, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    return header.subarray(0, readSync(descriptor, header, 0, headerBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** A link is only lasting once its directory is on disk. Windows has no handle for that, and no need of one. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
