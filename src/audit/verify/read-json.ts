/**
 * The JSON form: `[`, the lines of the JSON lines form with a comma after each but the last, `]`. Read line by line as it
 * was written, so that it needs no more memory than the other forms; another way to write the same array is refused.
 */
import type { ExportPart } from './export-part.ts';
import type { Line } from './read-chunks.ts';
import { readJsonlLine } from './read-jsonl.ts';
import { Found } from './verdict.ts';

const open = Buffer.from('[\n');
const close = Buffer.from(']\n');
const elementEnd = Buffer.from(',\n');
const lineFeed = Buffer.from('\n');
const tailStart = Buffer.from('{"checkpoint":');

export class JsonElements {
  #closed = false;

  /** Whether a file that begins with this line is meant to be of this form. */
  static begins(line: Buffer): boolean {
    return line.equals(open);
  }

  /** @returns the part that stands on this line; none on the first and the last one */
  read({ number, bytes }: Line): ExportPart | undefined {
    if (number === 1) return undefined;
    if (bytes.at(-1) !== 0x0a) throw new Found('truncated', 'the file ends within a line', { line: number });
    // The element before it would have had no comma only where it was the tail.
    if (bytes.subarray(0, tailStart.length).equals(tailStart)) return readJsonlLine({ number, bytes });
    if (!bytes.subarray(-elementEnd.length).equals(elementEnd))
      throw new Found(
        number === 2 ? 'not-an-export' : 'malformed',
        'this is not an element of an audit export',
        {
          line: number,
        },
      );
    return readJsonlLine({ number, bytes: Buffer.concat([bytes.subarray(0, -2), lineFeed]) }, number === 2);
  }

  /** The line after the tail. @throws Found where it is not the end of the array */
  close({ number, bytes }: Line): void {
    if (!this.#closed && bytes.equals(close.subarray(0, 1)))
      throw new Found('truncated', 'the file ends within its last line', { line: number });
    if (this.#closed || !bytes.equals(close))
      throw new Found('data-after-end', 'something stands after the last line', { line: number });
    this.#closed = true;
  }

  /** @throws Found where the array was not closed */
  end(): void {
    if (!this.#closed) throw new Found('truncated', 'the last line of the file is missing');
  }
}
