/** A file as chunks of whole lines, in flat memory. Untrusted: a line that never ends is a problem, not a reason to fill the memory. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { AuditError } from '../errors.ts';
import { reading } from './reading.ts';

/** Bytes; well above the longest entry with its quotes doubled and its text once more in the columns. */
export const longestLine = 2 * 1024 * 1024;
export const bytesPerRead = 1024 * 1024;
const lineFeed = 0x0a;

export interface Line {
  /** 1-based. */
  readonly number: number;
  /** With its line feed; the last line may have none. */
  readonly bytes: Buffer;
}

/**
 * Each chunk has a memory of its own, which whoever takes it may give away. Only the last line of the file may be without its line
 * feed, or be longer than `longestLine`: then it is the last one here, whatever the file has behind it.
 * @throws AuditError `export-unreadable`
 */
export async function* readChunks(file: string, most: number): AsyncGenerator<Buffer, void, undefined> {
  const handle = await reading(file, () => openFile(file));
  try {
    let rest: Buffer = Buffer.alloc(0);
    while (rest.length <= longestLine) {
      const memory = Buffer.allocUnsafeSlow(rest.length + most);
      rest.copy(memory);
      const { bytesRead } = await reading(file, () => handle.read(memory, rest.length, most));
      if (bytesRead === 0) break;
      const filled = memory.subarray(0, rest.length + bytesRead);
      const end = filled.lastIndexOf(lineFeed) + 1;
      // Not from the pool, which nobody may give away.
      rest = Buffer.allocUnsafeSlow(filled.length - end);
      filled.copy(rest, 0, end);
      if (end > 0) yield filled.subarray(0, end);
    }
    if (rest.length > 0) yield rest;
  } finally {
    await handle.close();
  }
}

/** Bytes. @throws AuditError `export-unreadable` */
export async function fileLength(file: string): Promise<number> {
  return (await reading(file, () => stat(file))).size;
}

/** A pipe or a device might never end. */
async function openFile(file: string): Promise<FileHandle> {
  if (!(await stat(file)).isFile()) throw new AuditError('export-unreadable', `${file} is not a file`);
  return open(file, 'r');
}
