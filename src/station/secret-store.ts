/**
 * The one place for the station's secrets (rule S2): a folder only its owner can enter, one file a secret, mode 0600.
 * `doctor` reports that it is a key file and not a keyring.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeOnce } from './write-once.ts';

export interface SecretStore {
  /** In words for `doctor` and the docs. */
  readonly description: string;
  read(name: string): string | undefined;
  /** Writes a secret that is not there yet, durable when it returns; where one came in between, that one stays and is returned. */
  writeOnce(name: string, value: string): string;
  /** Names of secrets that others than the owner could read. */
  exposed(names: readonly string[]): readonly string[];
}

export function fileSecretStore(directory: string): SecretStore {
  const fileOf = (name: string) => path.join(directory, name);
  return {
    description: `key files in ${directory}, readable by their owner only`,
    read(name) {
      try {
        return readFileSync(fileOf(name), 'utf8');
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw cause;
      }
    },
    writeOnce(name, value) {
      return writeOnce(directory, name, value);
    },
    exposed(names) {
      // Windows has no mode bits; there the data directory's ACL protects them.
      if (process.platform === 'win32') return [];
      return names.filter(name => {
        try {
          return (statSync(fileOf(name)).mode & 0o077) !== 0;
        } catch {
          return false;
        }
      });
    },
  };
}
