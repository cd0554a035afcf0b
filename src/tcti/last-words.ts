/** What a program said last on its stderr, for the message about its end. The text comes from the program: untrusted. */
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

const TAIL_CHARACTERS = 400;

/** Listens from now on; the answer is one line without control characters, at most 400 characters long. */
export function lastWords(stderr: Readable): () => string {
  let tail = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
  });
  return () => printable(tail);
}

export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
}
