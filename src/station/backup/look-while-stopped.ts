/**
 * What a station whose ledger cannot be opened can still say of its backups: those in the configured folder that are its own by
 * the record in its data directory (`backup-record.ts`). Without that record nothing is offered at a screen: in a folder that
 * several stations share, another one's could be taken.
 */
import path from 'node:path';
import { signInSecret } from '../access/sign-in-key.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { loadConfiguration } from '../configuration/load-configuration.ts';
import { type DataDirectory, dataDirectoryAt } from '../data-directory.ts';
import { stationSecrets } from '../log/identity.ts';
import { openSecretStore } from '../secrets/open-secret-store.ts';
import { stationOf } from './backup-name.ts';
import { readBackupRecord } from './backup-record.ts';
import { type BackupRow, rowsIn } from './backup-rows.ts';
import { backupFolder } from './scheduled-backup.ts';

export interface StoppedLook {
  /** Of the configuration, where it can be read. */
  readonly station?: { readonly language: 'en' | 'ko'; readonly name: string };
  readonly backups: readonly BackupRow[];
  /** Where they lie. */
  readonly folder?: string;
  /**
   * How one is restored at a screen: by a supervisor of the backup with their PIN; by whoever stands there, where nobody ever
   * signed in here; or not.
   */
  readonly restore: 'pin' | 'anybody' | 'nobody';
}

export function lookWhileStopped(dataDirectory: string): StoppedLook {
  const directory = dataDirectoryAt(dataDirectory);
  const configuration = configured(directory);
  const { language, name } = configuration?.station ?? {};
  const nothing = {
    backups: [],
    restore: 'nobody',
    ...(language && name !== undefined && { station: { language, name } }),
  } as const;
  const { good } = readBackupRecord(directory);
  const stationId = good && stationOf(path.basename(good.folder));
  if (!good || !stationId) return nothing;
  try {
    const folder = (configuration && backupFolder({ directory, configuration })) ?? path.dirname(good.folder);
    return { ...nothing, backups: rowsIn(folder, stationId), folder, restore: whoMay(directory) };
  } catch {
    // A disk that is away, a keyring that is locked: the command line says which.
    return nothing;
  }
}

function configured({ configurationFile }: DataDirectory): Configuration | undefined {
  try {
    return loadConfiguration(configurationFile);
  } catch {
    return undefined;
  }
}

function whoMay({ secretsDirectory }: DataDirectory): StoppedLook['restore'] {
  const secrets = openSecretStore(secretsDirectory, {
    env: process.env,
    rehearsal: false,
    stationKey: stationSecrets[0]!,
  });
  return secrets.read(signInSecret) === undefined ? 'anybody' : 'pin';
}
