/** Small files of the station, whole and durable, readable by their owner only: written once and then kept, replaced, or removed. */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { syncDirectorySync } from '../../audit/sync-directory.ts';

/** Durable when it returns; gives what the file holds then, which is another's text where one came first. */
export function writeOnce(directory: string, name: string, text: string): string {
  const target = path.join(directory, name);
  const fresh = writeBeside(directory, name, text);
  try {
    // A link fails where the name exists, so that of two writers one wins whole.
    linkSync(fresh, target);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    unlinkSync(fresh);
  }
  syncDirectorySync(directory);
  return readFileSync(target, 'utf8');
}

/** Durable when it returns; of two writers the later one stays. */
export function replaceFile(directory: string, name: string, text: string | Uint8Array): void {
  const fresh = writeBeside(directory, name, text);
  try {
    renameSync(fresh, path.join(directory, name));
  } catch (cause) {
    unlinkSync(fresh);
    throw cause;
  }
  syncDirectorySync(directory);
}

/** Durable when it returns; nothing there is as well. */
export function removeFile(directory: string, name: string): void {
  rmSync(path.join(directory, name), { force: true });
  syncDirectorySync(directory);
}

/** @returns the new file, on disk, under a name of its own */
function writeBeside(directory: string, name: string, text: string | Uint8Array): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const fresh = path.join(directory, `${name}.${process.pid}.new`);
  const file = openSync(fresh, 'w', 0o600);
  try {
    // Unlike `writeSync` it ends when all is written: a disk that is nearly full takes a part.
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (cause) {
    unlinkSync(fresh);
    throw cause;
  } finally {
    closeSync(file);
  }
  return fresh;
}
