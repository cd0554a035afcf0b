/** Secrets as key files: a folder only its owner can enter, one file a secret, mode 0600. */
import { readFileSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { replaceFile, writeOnce } from '../export/write-once.ts';
import type { SecretStore } from './secret-store.ts';

export function fileSecrets(directory: string): SecretStore {
  const fileOf = (name: string) => path.join(directory, name);
  return {
    kind: 'files',
    description: `key files in ${directory}, readable by their owner only`,
    read(name) {
      try {
        return readFileSync(fileOf(name), 'utf8');
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw cause;
      }
    },
    writeOnce: (name, value) => writeOnce(directory, name, value),
    replace: (name, value) => replaceFile(directory, name, value),
    remove(name) {
      try {
        unlinkSync(fileOf(name));
        return true;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw cause;
      }
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
