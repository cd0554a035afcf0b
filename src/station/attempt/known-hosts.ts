/**
 * The SSH host keys that this station met: one file for each address, written at first contact and never changed by
 * Keyline. An engineer who knows that a key was rightly replaced deletes the file.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HostKeys } from '../../tcti/ssh-access.ts';
import { writeOnce } from '../export/write-once.ts';

export function knownHostsIn(directory: string): HostKeys {
  return {
    known(place) {
      try {
        return readFileSync(path.join(directory, fileOf(place)), 'utf8').trim();
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw cause;
      }
    },
    record: (place, fingerprint) => writeOnce(directory, fileOf(place), `${fingerprint}\n`).trim(),
  };
}

/** `host:port` as a file name that every system takes. */
const fileOf = encodeURIComponent;
