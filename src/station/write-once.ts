/** Files that are written once and then stay: whole and durable, and of two writers one wins. Readable by their owner only. */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** Durable when it returns; gives what the file holds then, which is another's text where one came first. */
export function writeOnce(directory: string, name: string, text: string): string {
  const target = path.join(directory, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const fresh = `${target}.${process.pid}.new`;
  const file = openSync(fresh, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    // A link fails where the name exists, so that of two writers one wins whole.
    linkSync(fresh, target);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    unlinkSync(fresh);
  }
  syncDirectory(directory);
  return readFileSync(target, 'utf8');
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
