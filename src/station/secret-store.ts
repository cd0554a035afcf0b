/**
 * The one place for the station's secrets (rule S2): a folder only its owner can enter, one file a secret, mode 0600.
 * `doctor` reports that it is a key file and not a keyring.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

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
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const fresh = `${fileOf(name)}.${process.pid}.new`;
      const file = openSync(fresh, 'w', 0o600);
      try {
        writeSync(file, value);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      try {
        // A link fails where the name exists, so that of two writers one wins whole.
        linkSync(fresh, fileOf(name));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      } finally {
        unlinkSync(fresh);
      }
      syncDirectory(directory);
      return readFileSync(fileOf(name), 'utf8');
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

function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
