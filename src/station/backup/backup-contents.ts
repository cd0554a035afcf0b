/**
 * Which files of the data directory belong to a backup beside the ledger: the configuration and what it was, the trust store
 * where it lies in the data directory, host keys that were met, and how columns of imports were assigned. Never a secret
 * (rule S2): a restored station has a new log with a new key anyway, and people and DPS get theirs anew.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DataDirectory } from '../data-directory.ts';

/** Paths from the data directory on, with `/`. @param trustFolder where the station's trust store is */
export function filesToKeep(directory: DataDirectory, trustFolder: string): string[] {
  return namesToKeep(directory, trustFolder).flatMap(name => filesAt(directory.path, name));
}

/** Whether a backup may have such a file: nothing that it says may reach secrets, or any other place of the station. */
export function isKept(file: string, directory: DataDirectory, trustFolder: string): boolean {
  return namesToKeep(directory, trustFolder).some(name => file === name || file.startsWith(`${name}/`));
}

function namesToKeep(directory: DataDirectory, trustFolder: string): string[] {
  const trust = path.relative(directory.path, trustFolder).split(path.sep).join('/');
  const elsewhere = trust === '' || path.isAbsolute(trust);
  const ofStation = ['..', path.basename(directory.secretsDirectory)].includes(trust.split('/')[0]!);
  return [
    path.basename(directory.configurationFile),
    path.basename(directory.configurationsDirectory),
    path.basename(directory.knownHostsDirectory),
    'import-columns.json',
    // Elsewhere it is the plant's own folder, which the configuration goes on naming.
    ...(elsewhere || ofStation ? [] : [trust]),
  ];
}

function filesAt(root: string, name: string): string[] {
  const stat = statSync(path.join(root, name), { throwIfNoEntry: false });
  if (stat?.isFile()) return [name];
  if (!stat?.isDirectory()) return [];
  return readdirSync(path.join(root, name))
    .toSorted()
    .flatMap(each => filesAt(root, `${name}/${each}`));
}
