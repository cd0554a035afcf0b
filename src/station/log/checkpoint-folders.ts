/** Where this station keeps checkpoints of its audit log outside the ledger (rule A2). */
import path from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import type { DataDirectory } from '../data-directory.ts';

export type CheckpointFolders = readonly [own: string, witness?: string];

/** The station's own folder, then that of the witnesses where there is one. */
export function checkpointFolders(station: {
  readonly configuration: Configuration;
  readonly directory: DataDirectory;
}): CheckpointFolders {
  const { checkpointFolder, witnessFolder } = station.configuration.audit;
  const fromData = (folder: string) => path.resolve(station.directory.path, folder);
  const own =
    checkpointFolder === undefined ? station.directory.checkpointsDirectory : fromData(checkpointFolder);
  return witnessFolder === undefined ? [own] : [own, fromData(witnessFolder)];
}
