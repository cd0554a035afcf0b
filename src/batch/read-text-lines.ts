/**
 * A text file by lines in flat memory, whatever ends them: LF, CR LF, or CR alone. Untrusted: a line beyond the limit is told
 * of and passed over, and the next one is read as if nothing had been.
 */
import { readText, type TextFile } from './read-text.ts';

export type TextLine =
  | { readonly number: number; readonly text: string }
  /** Longer than the limit. */
  | { readonly number: number; readonly tooLong: true };

/** In characters; an endorsement key has some hundreds. */
export const longestLine = 1_000_000;

/** The lines of one piece of the file at a time, without line ends; rejects with the file system's error. */
export async function* readTextLines(file: TextFile): AsyncGenerator<readonly TextLine[]> {
  const cut = new CutLines();
  for await (const piece of readText(file)) yield cut.push(piece);
  yield cut.end();
}

class CutLines {
  #number = 0;
  #pieces: string[] = [];
  #length = 0;
  #afterReturn = false;

  push(piece: string): readonly TextLine[] {
    const lines: TextLine[] = [];
    let start = this.#afterReturn && piece.startsWith('\n') ? 1 : 0;
    if (piece !== '') this.#afterReturn = piece.endsWith('\r');
    const ends = /\r\n|\r|\n/g;
    ends.lastIndex = start;
    for (let end = ends.exec(piece); end; end = ends.exec(piece)) {
      this.#take(piece.slice(start, end.index));
      lines.push(this.#line());
      start = ends.lastIndex;
    }
    this.#take(piece.slice(start));
    return lines;
  }

  end(): readonly TextLine[] {
    return this.#length > 0 ? [this.#line()] : [];
  }

  #take(text: string): void {
    this.#length += text.length;
    if (this.#length > longestLine) this.#pieces = [];
    else if (text !== '') this.#pieces.push(text);
  }

  #line(): TextLine {
    this.#number += 1;
    const line: TextLine =
      this.#length > longestLine
        ? { number: this.#number, tooLong: true }
        : {
            number: this.#number,
            text: this.#pieces.length === 1 ? this.#pieces[0]! : this.#pieces.join(''),
          };
    this.#pieces = [];
    this.#length = 0;
    return line;
  }
}
