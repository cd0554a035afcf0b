/**
 * The plant's trust store as this station has it: `trust/` in the data directory, or the folder that `trustStore` in
 * keyline.json names, and with it what the online side fetched: intermediates and lists, never an anchor. A folder that is
 * not there, or that has no anchor, is no trust store: then nothing can be judged, and certificates stay unchecked (rule H8).
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { TrustError } from '../../trust/errors.ts';
import { TrustFolder } from '../../trust/trust-folder.ts';
import { type TrustStore, withFetched } from '../../trust/trust-store.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { DataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';

export interface PlantTrust {
  readonly folder: string;
  /** The plant's own as it is now; undefined where there is no folder. @throws TrustError where it cannot be read */
  read(): TrustStore | undefined;
  /** For judging, with what was fetched: undefined where there is nothing to judge by, whatever the reason. */
  store(): TrustStore | undefined;
}

/** @throws StationError `trust-store-missing` where the configuration names a folder that is not there */
export function plantTrustOf(configuration: Configuration, directory: DataDirectory): PlantTrust {
  const named = configuration.trustStore;
  const folder = named === undefined ? directory.trustDirectory : path.resolve(directory.path, named);
  if (named !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new StationError('trust-store-missing', folder);
  const files = new TrustFolder(folder);
  const fetchedFolder = fetchedFiles(directory);
  const fetchedTrust = new TrustFolder(fetchedFolder, 0);
  /** The same object as long as neither changed. */
  let joined:
    | { readonly plant: TrustStore; readonly fetched: TrustStore | undefined; readonly store: TrustStore }
    | undefined;
  const read = () => (existsSync(folder) ? files.current() : undefined);
  return {
    folder,
    read,
    store: () =>
      orNothing(() => {
        const plant = read();
        if (plant === undefined || plant.anchors.length === 0) return undefined;
        const fetched = orNothing(() => (existsSync(fetchedFolder) ? fetchedTrust.current() : undefined));
        if (joined?.plant !== plant || joined.fetched !== fetched)
          joined = { plant, fetched, store: withFetched(plant, fetched) };
        return joined.store;
      }),
  };
}

function orNothing(read: () => TrustStore | undefined): TrustStore | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}

/** Where the fetcher puts what it took; `src/station/trust-fetch` alone writes there. */
export function fetchedFiles(directory: DataDirectory): string {
  return path.join(directory.trustFetchedDirectory, 'files');
}
