/**
 * Makes a backup of the station: a folder with a copy of the ledger of one moment, configuration, trust store and a sealed
 * manifest. It has its name only when all of it is on disk, was read back and verified (rule S4): what a crash, a full disk
 * or a stick that is pulled out leaves has another name and is never taken for one.
 */

import { readdirSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError } from '../../../db/errors.ts';
import { acquireFileLock } from '../../../db/file-lock.ts';
import { copyLedger } from '../../../db/ledger-copy.ts';
import { openLedgerToRead } from '../../../db/ledger-file.ts';
import { readBack } from '../../audit/read-back.ts';
import { syncDirectory } from '../../audit/sync-directory.ts';
import { StationError } from '../errors.ts';
import { verifierKeyOfLog } from '../log/identity.ts';
import { keepCheckpoint } from '../log/keep-checkpoint.ts';
import type { StationCore } from '../open-core.ts';
import { version } from '../version.ts';
import { filesToKeep } from './backup-contents.ts';
import {
  type BackupFile,
  type BackupManifest,
  ledgerFile,
  manifestFile,
  placeOf,
  sealManifest,
} from './backup-manifest.ts';
import { backupName, draftOf, isDraftOf } from './backup-name.ts';
import { manifestIn, type VerifiedBackup, verifyContents } from './verify-backup.ts';

export const backupLockFile = 'backup.lock';

export interface BackupOrder {
  /** Must be there: a folder that is made where a disk is not mounted would be on the wrong disk. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Of the copy of the ledger, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** @throws StationError `backup-folder-missing`, `backup-elsewhere`, `backup-failed`, `backup-damaged`; LedgerError `corrupt`; the signal's reason */
export async function makeBackup(core: StationCore, order: BackupOrder): Promise<VerifiedBackup> {
  const folder = path.resolve(order.folder);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new StationError('backup-folder-missing', `${folder} is not there`);
  const lock = acquireFileLock(core.directory.path, backupLockFile);
  if (!lock) throw new StationError('backup-elsewhere', 'the lock of backups is held');
  try {
    await removeDrafts(folder, core.identity.stationId);
    return await write(core, folder, order);
  } catch (error) {
    throw backupFailure(error, folder);
  } finally {
    lock.release();
  }
}

async function write(core: StationCore, folder: string, order: BackupOrder): Promise<VerifiedBackup> {
  const { at } = core.clock.read();
  const name = backupName(core.identity.stationId, at);
  const place = path.join(folder, name);
  const draft = path.join(folder, draftOf(name));
  await mkdir(draft, { mode: 0o700 });
  try {
    // The copy has it, and a restored ledger cites it.
    keepCheckpoint(core);
    await copyLedger(core.ledger.path, path.join(draft, ledgerFile), order);
    const others = filesToKeep(core.directory, core.trust.folder);
    for (const file of others) await copyDurably(placeOf(core.directory.path, file), placeOf(draft, file));
    const files: BackupFile[] = [];
    for (const file of [ledgerFile, ...others]) {
      const { bytes, sha256 } = await readBack(placeOf(draft, file), order.signal);
      files.push({ path: file, bytes, sha256: sha256.toString('hex') });
    }
    const stated = {
      ...statedBy(core, path.join(draft, ledgerFile)),
      files,
      madeAt: new Date(at).toISOString(),
    };
    await writeDurably(path.join(draft, manifestFile), sealManifest(stated, core.identity.key));
    await syncFolders(draft, files);
    const checked = await verifyContents(draft, manifestIn(draft), order.signal);
    order.signal?.throwIfAborted();
    await rename(draft, place);
    await syncDirectory(folder);
    return { folder: place, manifest: manifestIn(place), ...checked };
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** What the copy holds, not what the ledger holds by now. */
function statedBy(core: StationCore, copy: string): Omit<BackupManifest, 'files' | 'madeAt' | 'seal'> {
  const ledger = openLedgerToRead(copy)!;
  try {
    const log = ledger.logs.current()!;
    const verifierKey = verifierKeyOfLog(ledger, log);
    if (verifierKey !== core.identity.verifierKey)
      throw new StationError('backup-failed', 'the key of the log was exchanged meanwhile');
    const { queued, sending } = ledger.counts.outbox();
    return {
      format: 'keyline-backup',
      v: 1,
      keyline: version,
      stationId: log.station_id,
      logId: log.log_id,
      origin: log.origin,
      rehearsal: ledger.identity.kind === 'rehearsal',
      schema: ledger.schema,
      size: ledger.audit.size(log.log_id),
      devices: ledger.counts.devices(),
      waiting: queued + sending,
      checkpoint: ledger.checkpoints.latest(log.log_id)?.note ?? '',
      verifierKey,
    };
  } finally {
    ledger.close();
  }
}

async function removeDrafts(folder: string, stationId: string): Promise<void> {
  // Of a backup that ended in a crash: nobody else makes one for this station while the lock is held.
  for (const name of readdirSync(folder).filter(each => isDraftOf(stationId, each)))
    await rm(path.join(folder, name), { recursive: true, force: true });
}

async function copyDurably(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to);
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolders(draft: string, files: readonly BackupFile[]): Promise<void> {
  const folders = new Set(files.map(({ path: file }) => path.dirname(placeOf(draft, file))));
  for (const folder of folders) await syncDirectory(folder);
}

/** What the file system said is about the folder, and what SQLite said as well, but for damage. */
function backupFailure(error: unknown, folder: string): unknown {
  const ofMedium =
    error instanceof LedgerError ? error.code !== 'corrupt' : error instanceof Error && 'syscall' in error;
  if (!ofMedium) return error;
  return new StationError('backup-failed', `${folder}: ${(error as Error).message}`, { cause: error });
}
