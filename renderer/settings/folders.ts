/** The folders that keyline.json names, by the names that it gives them, and what a setting without one means. */
import { listOf, valueAt } from './draft.ts';

export interface NamedFolder {
  readonly name: string;
  readonly path: string;
}

export function foldersOf(settings: unknown): readonly NamedFolder[] {
  return listOf(valueAt(settings, ['audit', 'exportFolders'])).map(({ name, path }) => ({
    name: String(name),
    path: String(path),
  }));
}

export const withoutFolder = {
  backupFolder: 'settings/records/noBackups',
  checkpointFolder: 'settings/records/inData',
  witnessFolder: 'settings/records/noWitnesses',
} as const;

export type FolderName = keyof typeof withoutFolder;

export const isFolderName = (name: string | undefined): name is FolderName =>
  name !== undefined && name in withoutFolder;
