/**
 * Reads one entry from its bytes: whether they are the one RFC 8785 form of a JSON object with the members that every
 * entry has, and what these say. RFC 8785 narrowed to what an entry may hold (`README.md`): numbers are whole and below
 * 2^53. What `plain-entry.ts` is not sure of is looked at byte by byte here. Untrusted bytes.
 */
import { isUtf8 } from 'node:buffer';
import { type PlainObject, plainEntry } from './plain-entry.ts';

/** Nothing of ours nests deeper than five. */
const deepest = 64;

export interface EntryFacts {
  readonly v: 1;
  readonly origin: string;
  readonly index: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly type: string;
  readonly rehearsal: boolean;
  readonly personId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** @returns undefined where the bytes are no entry, or not the one form of it */
export function scanEntry(bytes: Buffer): EntryFacts | undefined {
  const plain = plainEntry(bytes, deepest);
  return plain ? factsOf(plain) : scanBytes(bytes);
}

function factsOf({
  v,
  origin,
  index,
  at,
  type,
  rehearsal,
  personId,
  data,
}: PlainObject): EntryFacts | undefined {
  if (v !== 1 || typeof index !== 'number' || index < 0 || typeof rehearsal !== 'boolean') return undefined;
  if (typeof origin !== 'string' || typeof type !== 'string' || typeof personId !== 'string')
    return undefined;
  if (!isInstant(at) || typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  return { v, origin, index, at, type, rehearsal, personId, data: data as PlainObject };
}

function scanBytes(bytes: Buffer): EntryFacts | undefined {
  const members = new Map<string, readonly [from: number, to: number]>();
  if (bytes[0] !== braceOpen || !isUtf8(bytes)) return undefined;
  if (objectEnd(bytes, 0, deepest, members) !== bytes.length) return undefined;
  const text = (name: string): string | undefined => {
    const [from, to] = members.get(name) ?? [0, 0];
    return bytes[from] === quote ? stringAt(bytes, from, to) : undefined;
  };
  const raw = (name: string): string => {
    const [from, to] = members.get(name) ?? [0, 0];
    return bytes.toString('latin1', from, to);
  };
  const [digits, rehearsal, dataAt] = [raw('index'), raw('rehearsal'), members.get('data')];
  if (raw('v') !== '1' || !/^\d/.test(digits) || (rehearsal !== 'true' && rehearsal !== 'false'))
    return undefined;
  if (dataAt === undefined || bytes[dataAt[0]] !== braceOpen) return undefined;
  return factsOf({
    v: 1,
    origin: text('origin'),
    index: Number(digits),
    at: text('at'),
    type: text('type'),
    rehearsal: rehearsal === 'true',
    personId: text('personId'),
    data: JSON.parse(bytes.toString('utf8', ...dataAt)),
  });
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const minus = 0x2d;
const [zero, nine] = [0x30, 0x39];
/** What the scanners say instead of where something ends. */
const broken = -1;

/** RFC 8785 section 3.2.2.2: the escapes there are, by what stands after the backslash; all else is written as it is. */
const shortEscapes = new Set(Buffer.from('"\\bfnrt'));
const longEscape = /^u00(?:0[0-7be-f]|1[0-9a-f])$/;

function valueEnd(bytes: Buffer, at: number, depth: number): number {
  const first = bytes[at];
  if (first === quote) return stringEnd(bytes, at);
  if (first === braceOpen) return objectEnd(bytes, at, depth);
  if (first === bracketOpen) return arrayEnd(bytes, at, depth);
  if (first === 0x74) return literalEnd(bytes, at, 'true');
  if (first === 0x66) return literalEnd(bytes, at, 'false');
  if (first === 0x6e) return literalEnd(bytes, at, 'null');
  return numberEnd(bytes, at);
}

/** @param members takes where the value of each member lies */
function objectEnd(
  bytes: Buffer,
  from: number,
  depth: number,
  members?: Map<string, readonly [number, number]>,
): number {
  if (depth === 0) return broken;
  let at = from + 1;
  if (bytes[at] === braceClose) return at + 1;
  for (let before = -1, beforeEnd = -1; ; at += 1) {
    if (bytes[at] !== quote) return broken;
    const end = stringEnd(bytes, at);
    if (end === broken || bytes[end] !== colon) return broken;
    if (before >= 0 && !inOrder(bytes, before, beforeEnd, at, end)) return broken;
    const close = valueEnd(bytes, end + 1, depth - 1);
    if (close === broken) return broken;
    members?.set(bytes.toString('latin1', at + 1, end - 1), [end + 1, close]);
    [before, beforeEnd, at] = [at, end, close];
    if (bytes[at] === braceClose) return at + 1;
    if (bytes[at] !== comma) return broken;
  }
}

function arrayEnd(bytes: Buffer, from: number, depth: number): number {
  if (depth === 0) return broken;
  let at = from + 1;
  if (bytes[at] === bracketClose) return at + 1;
  for (;;) {
    at = valueEnd(bytes, at, depth - 1);
    if (at === broken) return broken;
    if (bytes[at] === bracketClose) return at + 1;
    if (bytes[at] !== comma) return broken;
    at += 1;
  }
}

/** @returns where the byte after the closing quote is */
function stringEnd(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === quote) return at + 1;
    if (byte < 0x20) return broken;
    if (byte !== backslash) continue;
    if (shortEscapes.has(bytes[at + 1]!)) at += 1;
    else if (longEscape.test(bytes.toString('latin1', at + 1, at + 6))) at += 5;
    else return broken;
  }
  return broken;
}

function numberEnd(bytes: Buffer, from: number): number {
  const start = bytes[from] === minus ? from + 1 : from;
  let at = start;
  while (bytes[at]! >= zero && bytes[at]! <= nine) at += 1;
  if (at === start || at - start > 16) return broken;
  // Zero is written 0, and no other number begins with one.
  if (bytes[start] === zero) return at - from === 1 ? at : broken;
  return at - start < 16 || Number.isSafeInteger(Number(bytes.toString('latin1', from, at))) ? at : broken;
}

function literalEnd(bytes: Buffer, from: number, literal: string): number {
  const end = from + literal.length;
  return bytes.toString('latin1', from, end) === literal ? end : broken;
}

/** RFC 8785 section 3.2.3: names in the order of their UTF-16 code units, each once. */
function inOrder(bytes: Buffer, a: number, aEnd: number, b: number, bEnd: number): boolean {
  for (let i = a + 1, j = b + 1; ; i += 1, j += 1) {
    const [left, right] = [bytes[i]!, bytes[j]!];
    // Beyond ASCII, and where something is escaped, the bytes' order is not that of the code units.
    if ((left | right) >= 0x80 || left === backslash || right === backslash)
      return stringAt(bytes, a, aEnd) < stringAt(bytes, b, bEnd);
    if (j === bEnd - 1) return false;
    if (i === aEnd - 1) return true;
    if (left !== right) return left < right;
  }
}

/** @param from the opening quote @param to after the closing one; what lies between was scanned */
function stringAt(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from + 1, to - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

/** The day that was judged last: entries of one day come by the thousand. */
let lastDay = '';

function isInstant(text: unknown): text is string {
  if (typeof text !== 'string' || text.length !== 24) return false;
  if (!/^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/.test(text.slice(10))) return false;
  const day = text.slice(0, 10);
  if (day !== lastDay) {
    const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00.000Z`) : Number.NaN;
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) return false;
    lastDay = day;
  }
  return true;
}
