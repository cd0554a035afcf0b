/**
 * A text file by lines in flat memory, whatever ends them: LF, CR LF, or CR alone. Untrusted: a line beyond the limit is told
 * of and passed over, and the next one is read as if nothing had been.
 */
import { createReadStream } from 'node:fs';

export type TextLine =
  | { readonly number: number; readonly text: string }
  /** Longer than the limit. */
  | { readonly number: number; readonly tooLong: true };

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Without line ends and byte order mark; rejects with the file system's error. */
export async function* readTextLines(file: string, mostBytes: number): AsyncGenerator<TextLine> {
  let number = 0;
  let pieces: Buffer[] = [];
  let length = 0;
  let afterReturn = false;
  const take = (piece: Buffer) => {
    length += piece.length;
    if (length <= mostBytes) pieces.push(piece);
    else pieces = [];
  };
  const end = (): TextLine => {
    number += 1;
    const text = Buffer.concat(pieces).toString('utf8');
    const line: TextLine =
      length > mostBytes
        ? { number, tooLong: true }
        : { number, text: number === 1 ? text.replace(/^\uFEFF/, '') : text };
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === LINE_FEED && afterReturn) start = at + 1;
      else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
        take(chunk.subarray(start, at));
        start = at + 1;
        yield end();
      }
      afterReturn = byte === CARRIAGE_RETURN;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield end();
}
