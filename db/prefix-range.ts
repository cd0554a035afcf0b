/**
 * A prefix search as a range, so that an index answers it (LIKE does not use one under BINARY collation). SQLite compares
 * text by its UTF-8 bytes, which is the order of code points.
 */
export interface PrefixRange {
  readonly from: string;
  /** First text after everything that begins with the prefix; undefined where there is none. */
  readonly before: string | undefined;
}

const firstSurrogate = 0xd800;
const afterSurrogates = 0xe000;
const lastCodePoint = 0x10ffff;

export function prefixRange(prefix: string): PrefixRange {
  const codePoints = Array.from(prefix, character => character.codePointAt(0)!);
  while (codePoints.at(-1) === lastCodePoint) codePoints.pop();
  const last = codePoints.pop();
  if (last === undefined) return { from: prefix, before: undefined };
  const next = last + 1 === firstSurrogate ? afterSurrogates : last + 1;
  return { from: prefix, before: String.fromCodePoint(...codePoints, next) };
}
