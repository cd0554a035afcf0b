/**
 * The plant's trust store as this station has it: `trust/` in the data directory, or the folder that `trustStore` in
 * keyline.json names. A folder that is not there, or that has no anchor, is no trust store: then nothing can be judged,
 * and certificates stay unchecked (rule H8).
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { TrustError } from '../../trust/errors.ts';
import { TrustFolder, type TrustStore } from '../../trust/trust-store.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { DataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';

export interface PlantTrust {
  readonly folder: string;
  /** As it is now; undefined where there is no folder. @throws TrustError where it cannot be read */
  read(): TrustStore | undefined;
  /** For judging: undefined where there is nothing to judge by, whatever the reason. */
  store(): TrustStore | undefined;
}

/** @throws StationError `trust-store-missing` where the configuration names a folder that is not there */
export function plantTrustOf(configuration: Configuration, directory: DataDirectory): PlantTrust {
  const named = configuration.trustStore;
  const folder = named === undefined ? directory.trustDirectory : path.resolve(directory.path, named);
  if (named !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new StationError('trust-store-missing', folder);
  const files = new TrustFolder(folder);
  const read = () => (existsSync(folder) ? files.current() : undefined);
  return {
    folder,
    read,
    store: () => {
      try {
        const store = read();
        return store && store.anchors.length > 0 ? store : undefined;
      } catch (error) {
        if (error instanceof TrustError) return undefined;
        throw error;
      }
    },
  };
}
