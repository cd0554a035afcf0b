/** What in the data directory belongs to the station and may be replaced by nothing that a person writes. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { drainLockFile } from '../../../db/drain-lock.ts';
import { ledgerUseFile } from '../../../db/ledger-use.ts';
import { reconciliationLockFile, reconciliationNotesFile } from '../../../db/reconciliation-notes.ts';
import { backupRecordFile } from '../backup/backup-record.ts';
import { backupLockFile } from '../backup/make-backup.ts';
import type { DataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';

/** The export replaces what is at its place: nothing of the station may be there. */
export function refuseStationFile(directory: DataDirectory, file: string): void {
  const real = realPlace(file);
  const root = realpathSync(directory.path);
  const inside = path.relative(root, real);
  if (inside.startsWith('..') || path.isAbsolute(inside)) return;
  const [first = ''] = inside.split(path.sep);
  const own = [directory.ledgerFile, directory.configurationFile].map(each => path.basename(each));
  const folders = [
    directory.configurationsDirectory,
    directory.secretsDirectory,
    directory.trustDirectory,
    directory.trustFetchedDirectory,
    directory.knownHostsDirectory,
    directory.kioskProfile,
    directory.emulatorDirectory,
    directory.checkpointsDirectory,
  ].map(each => path.basename(each));
  const isOwn = own.some(name => first === name || first.startsWith(`${name}-`)) || folders.includes(first);
  const others = [
    'import-upload',
    'import-columns.json',
    drainLockFile,
    reconciliationLockFile,
    reconciliationNotesFile,
    ledgerUseFile,
    backupLockFile,
    'archive.lock',
    'trust-fetch.lock',
    backupRecordFile,
    'restored.json',
    'restore-pins.json',
  ];
  if (isOwn || others.includes(first) || first.startsWith('set-aside-'))
    throw new StationError('export-over-station', `${file} belongs to the station`);
}

/** Where the name really lies: its folder with links followed, and the name itself (a link there is replaced, not followed). */
function realPlace(file: string): string {
  try {
    return path.join(realpathSync(path.dirname(file)), path.basename(file));
  } catch {
    return file;
  }
}
