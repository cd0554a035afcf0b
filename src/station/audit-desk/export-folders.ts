/**
 * The folders that exports go to from a screen, and what lies in them (rule S1): only folders that the configuration names, and
 * only files that a look into the folder finds by that name. What a screen says is never a path.
 */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import type { ExportedFile } from './audit-view.ts';

/** Newest first, at most so many are told. */
const MOST_FILES = 200;
/** Of those that verification reads. */
const endings = ['.csv', '.json', '.jsonl'];

export function exportFolderNames(configuration: Configuration): readonly string[] {
  return (configuration.audit.exportFolders ?? []).map(({ name }) => name);
}

/** @param from the data directory, from which places start @returns undefined where none is called so */
export function exportFolder(configuration: Configuration, from: string, name: string): string | undefined {
  const found = configuration.audit.exportFolders?.find(folder => folder.name === name);
  return found && path.resolve(from, found.path);
}

/** Links and hidden names are passed over. @throws as the file system does where the folder cannot be read */
export function filesIn(folder: string): { readonly files: readonly ExportedFile[]; readonly more: boolean } {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && isShown(entry.name))
    .flatMap(({ name }) => {
      const stat = lstatSync(path.join(folder, name), { throwIfNoEntry: false });
      return stat?.isFile() ? [{ name, bytes: stat.size, changedAt: Math.trunc(stat.mtimeMs) }] : [];
    })
    .toSorted((one, other) => other.changedAt - one.changedAt || (one.name < other.name ? -1 : 1));
  return { files: files.slice(0, MOST_FILES), more: files.length > MOST_FILES };
}

/** @returns its place; undefined where no such file lies in the folder itself */
export function fileIn(folder: string, name: string): string | undefined {
  if (path.basename(name) !== name || !isShown(name) || /[/\\\0]/.test(name)) return undefined;
  const file = path.join(folder, name);
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

function isShown(name: string): boolean {
  return !name.startsWith('.') && endings.some(ending => name.toLowerCase().endsWith(ending));
}
