/** The backups of a station in a folder, and how many of them stay. */
import { readdirSync } from 'node:fs';
import { rename, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../errors.ts';
import { type BackupManifest, manifestFile, placeOf } from './backup-manifest.ts';
import { draftOf, isBackupOf } from './backup-name.ts';
import { manifestIn } from './verify-backup.ts';

export interface ListedBackup {
  readonly folder: string;
  /** Null: it cannot be used, `fault` says why. */
  readonly manifest: BackupManifest | null;
  readonly fault?: string;
}

/** Newest first, by name; their files are not looked at. */
export function listBackups(folder: string, stationId: string): ListedBackup[] {
  return namesIn(folder)
    .filter(name => isBackupOf(stationId, name))
    .toSorted()
    .reverse()
    .map(name => {
      const place = path.join(folder, name);
      try {
        return { folder: place, manifest: manifestIn(place) };
      } catch (error) {
        if (!(error instanceof StationError)) throw error;
        return { folder: place, manifest: null, fault: error.message };
      }
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new StationError('backup-folder-missing', `${folder}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Takes older ones of this station away, so that `keep` stay with the newest. Only after `justMade` was verified, which stays
 * whatever the clock made of its name. What is in none of their manifests is not touched.
 * @returns the folders that went
 */
export async function keepNewest(justMade: string, stationId: string, keep: number): Promise<string[]> {
  const folder = path.dirname(justMade);
  const others = listBackups(folder, stationId).filter(
    each => each.folder !== justMade && each.manifest?.stationId === stationId,
  );
  const gone: string[] = [];
  for (const { folder: old, manifest } of others.slice(Math.max(0, keep - 1))) {
    await remove(old, manifest!);
    gone.push(old);
  }
  return gone;
}

/** From here on it is none; what is left of it by a crash is cleared away with the next backup. */
async function remove(old: string, manifest: BackupManifest): Promise<void> {
  const draft = path.join(path.dirname(old), draftOf(path.basename(old)));
  const files = manifest.files.map(file => file.path);
  const folders = [...new Set(files.flatMap(parentsOf))].toSorted((a, b) => b.length - a.length);
  const foreign = readdirSync(old, { recursive: true, withFileTypes: true }).some(entry => {
    const name = path.relative(old, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    return !files.includes(name) && !folders.includes(name) && name !== manifestFile;
  });
  if (foreign) {
    // Somebody keeps something in it: only what was written goes, and the manifest first, so that it is no backup any more.
    await unlink(path.join(old, manifestFile));
    for (const file of files) await unlink(placeOf(old, file)).catch(() => undefined);
    return;
  }
  await rename(old, draft);
  for (const file of [manifestFile, ...files]) await unlink(placeOf(draft, file));
  for (const each of folders) await rmdir(placeOf(draft, each));
  await rmdir(draft);
}

function parentsOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
