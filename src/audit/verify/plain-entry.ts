/**
 * The short way to know an entry's one form, for nearly all entries: parsed by the engine and written by it again, the same
 * text comes out, and what that does not show is asked of the values. It says yes only; whatever it is not sure of is read byte
 * by byte (`scan-entry.ts`). Escapes are such a case: V8 13.6's JSON.parse takes a short name that ends in an escape for
 * another one that it read before. Names that look like array indices are another: the engine puts them first.
 */
import { isUtf8 } from 'node:buffer';

const backslash = 0x5c;

export type PlainObject = Readonly<Record<string, unknown>>;

/**
 * @param deepest how many objects and arrays may lie in each other
 * @returns the object that these bytes are the RFC 8785 form of; undefined where that is not certain
 */
export function plainEntry(bytes: Buffer, deepest: number): PlainObject | undefined {
  if (bytes.includes(backslash) || !isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return isOrdered(value, deepest) && JSON.stringify(value) === text ? (value as PlainObject) : undefined;
}

/** Whether names are in the order of RFC 8785 section 3.2.3, numbers whole and exact, and nothing deeper than allowed. */
function isOrdered(value: unknown, deepest: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (deepest === 0) return false;
  if (Array.isArray(value)) return value.every(element => isOrdered(element, deepest - 1));
  let before: string | undefined;
  for (const name in value) {
    if (before !== undefined && before >= name) return false;
    if (!isOrdered((value as PlainObject)[name], deepest - 1)) return false;
    before = name;
  }
  return true;
}
