/** A file as raw lines in flat memory. Untrusted: a line that never ends is a problem, not a reason to fill the memory. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AuditError } from '../errors.ts';
import { Found } from './verdict.ts';

/** Bytes; well above the longest entry with its quotes doubled and its text once more in the columns. */
export const longestLine = 2 * 1024 * 1024;
const bytesPerRead = 1024 * 1024;
const lineFeed = 0x0a;

export interface Line {
  /** 1-based. */
  readonly number: number;
  /** With its line feed; the last line may have none. */
  readonly bytes: Buffer;
}

export async function* readLines(file: string): AsyncGenerator<Line[], void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  try {
    // A pipe or a device might never end.
    if (!(await stat(file)).isFile()) throw new AuditError('export-unreadable', `${file} is not a file`);
    for await (const chunk of createReadStream(file, {
      highWaterMark: bytesPerRead,
    }) as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const lines: Line[] = [];
      let start = 0;
      for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
        lines.push({ number: ++number, bytes: bytes.subarray(start, end + 1) });
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > longestLine) {
        const problem = number === 0 ? 'not-an-export' : 'malformed';
        throw new Found(problem, 'a line has no end', { line: number + 1 });
      }
      yield lines;
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new AuditError('export-unreadable', `${file}: ${error.message}`, { cause: error });
  }
  if (rest.length > 0) yield [{ number: number + 1, bytes: rest }];
}
