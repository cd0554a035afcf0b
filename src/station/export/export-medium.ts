/**
 * Whether a file goes onto another device than the one that holds the station: a stick, a share, another disk. What is
 * written there is read back unless somebody says otherwise.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

/** A folder that is not there is no other device: writing there says what is wrong. */
export function isOtherDevice(dataDirectory: string, file: string): boolean {
  const folder = statSync(path.dirname(file), { throwIfNoEntry: false });
  return folder !== undefined && folder.dev !== statSync(dataDirectory).dev;
}
