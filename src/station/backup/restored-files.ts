/**
 * What of a backup a restore would put back into a data directory, and which folders outside then say something of its logs. A
 * backup proves itself with a key that comes with it: a file that no backup of a station has must not reach the secrets.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { configurationOf } from '../configuration/load-configuration.ts';
import type { DataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';
import { checkpointFolders } from '../log/checkpoint-folders.ts';
import { isKept } from './backup-contents.ts';
import { type BackupManifest, ledgerFile, placeOf } from './backup-manifest.ts';

export interface RestoredFiles {
  /** Names in the backup: those that the data directory has not. */
  readonly putBack: readonly string[];
  readonly stayed: readonly string[];
  /** With checkpoints of the logs: as the configuration says that the station will have, and as given. */
  readonly outside: readonly string[];
}

/**
 * @param given more folders with checkpoints
 * @throws StationError `backup-damaged`, `checkpoint-folder-missing`, `configuration-invalid`
 */
export function restoredFiles(
  directory: DataDirectory,
  { folder, manifest }: { readonly folder: string; readonly manifest: BackupManifest },
  given: readonly string[] = [],
): RestoredFiles {
  const others = manifest.files.map(each => each.path).filter(name => name !== ledgerFile);
  const stayed = others.filter(name => existsSync(placeOf(directory.path, name)));
  const putBack = others.filter(name => !stayed.includes(name));
  const name = path.basename(directory.configurationFile);
  const file = putBack.includes(name) ? path.join(folder, name) : directory.configurationFile;
  const configuration = configurationOf(
    existsSync(file) ? readFileSync(file, 'utf8') : undefined,
    directory.configurationFile,
  );
  const trust = path.resolve(directory.path, configuration.trustStore ?? directory.trustDirectory);
  const strange = putBack.find(each => !isKept(each, directory, trust));
  if (strange !== undefined)
    throw new StationError('backup-damaged', `${folder} has ${strange}, which no backup of a station has`);
  const places = given.map(each => path.resolve(each));
  const missing = places.find(each => !statSync(each, { throwIfNoEntry: false })?.isDirectory());
  if (missing !== undefined) throw new StationError('checkpoint-folder-missing', missing);
  const configured = checkpointFolders({ configuration, directory }).flatMap(each => each ?? []);
  return { putBack, stayed, outside: [...new Set([...configured, ...places])] };
}
