/** The backups of a station as a screen lists them, by name. */
import path from 'node:path';
import { isOtherDevice } from '../export/export-medium.ts';
import { bytesOf } from './backup-manifest.ts';
import type { BackupRow } from './backup-view.ts';
import { listBackups } from './list-backups.ts';

export type { BackupRow };

export interface BackupFolder {
  readonly backups: readonly BackupRow[];
  /** It is on the disk of the station itself. */
  readonly sameDisk: boolean;
}

/** @throws StationError `backup-folder-missing` */
export function lookInto(folder: string, stationId: string, dataDirectory: string): BackupFolder {
  return { backups: rowsIn(folder, stationId), sameDisk: !isOtherDevice(dataDirectory, folder) };
}

/** Newest first. @throws StationError `backup-folder-missing` */
export function rowsIn(folder: string, stationId: string): BackupRow[] {
  return listBackups(folder, stationId).map(({ folder: place, manifest, fault }) => {
    const name = path.basename(place);
    if (!manifest) return { name, fault: fault ?? '' };
    const { madeAt, size, devices } = manifest;
    return { name, madeAt: Date.parse(madeAt), bytes: bytesOf(manifest), entries: size, devices };
  });
}
