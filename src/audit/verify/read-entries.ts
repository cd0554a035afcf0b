/**
 * Most lines of an export in JSON lines or JSON are entries with nothing to say against them by themselves, and that is found
 * without knowing any other line, here or in a thread (`reading-thread.ts`): the leaf hash is that of the bytes, they are in their
 * one form, of this log, selected, and about no key. It says yes only. What it says nothing of, and the order of all, is for
 * `judge-export.ts`, so that the first fault is the same one whoever has read the lines. Untrusted bytes.
 */
import { isUtf8 } from 'node:buffer';
import { hashLength, leafHashHex } from '../merkle.ts';
import { CanonicalJson } from './canonical-json.ts';
import { EntryScan } from './scan-entry.ts';
import { type Filter, isSelected } from './selected.ts';

/** What the head says, by which an entry is looked at. */
export interface EntryFrame {
  readonly form: 'jsonl' | 'json';
  readonly origin: string;
  readonly rehearsal: boolean;
  readonly filter: Filter;
}

export interface ReadLines {
  /** Whole lines; only the last one of the file may have no line feed. */
  readonly bytes: Buffer;
  /** Where each line ends. */
  readonly ends: Uint32Array;
  /** Of each line: the index of the entry with nothing to say against it, `unsure` of all else. */
  readonly indexes: Float64Array;
  /** Of the entries that have an index here, one after the other. */
  readonly leafHashes: Buffer;
}

export const unsure = -1;

const lineFeed = 0x0a;
const entryStart = Buffer.from('{"entry":');
const hashStart = Buffer.from(',"leafHash":"');
const entryEnds = { jsonl: Buffer.from('"}\n'), json: Buffer.from('"},\n') };
const hashDigits = 2 * hashLength;
/** Entries that say which keys a log has: `keys-in-log.ts` wants to see them. */
const keyTypes = ['"log-started"', '"key-rotated"'].map(type => Buffer.from(type));

const scan = new EntryScan();

/** Where the lines end, and nothing of what they are. */
export function unreadLines(bytes: Buffer): ReadLines {
  const ends = endsOf(bytes);
  return { bytes, ends, indexes: new Float64Array(ends.length).fill(unsure), leafHashes: Buffer.alloc(0) };
}

export function readEntries(bytes: Buffer, frame: EntryFrame): ReadLines {
  if (!isUtf8(bytes)) return unreadLines(bytes);
  const json = new CanonicalJson(bytes.buffer);
  const origin = Buffer.from(JSON.stringify(frame.origin));
  const selects = Object.keys(frame.filter).length > 0;
  const entryEnd = entryEnds[frame.form];
  const ends = endsOf(bytes);
  const indexes = new Float64Array(ends.length);
  const hashes: string[] = [];
  const isSure = (start: number, end: number): boolean => {
    const digits = end - entryEnd.length - hashDigits;
    const [from, to] = [start + entryStart.length, digits - hashStart.length];
    const at = bytes.byteOffset;
    if (to <= from || !json.isAt(at + start, at + from, entryStart)) return false;
    if (!json.isAt(at + to, at + digits, hashStart)) return false;
    if (!json.isAt(at + digits + hashDigits, at + end, entryEnd)) return false;
    const hash = leafHashHex(bytes.subarray(from, to));
    if (hash !== bytes.toString('latin1', digits, digits + hashDigits)) return false;
    if (!scan.scan(json, at + from, at + to)) return false;
    if (scan.rehearsal !== frame.rehearsal || !scan.isOfOrigin(origin)) return false;
    if (keyTypes.some(type => scan.isOfType(type))) return false;
    if (selects && !isSelected(frame.filter, scan.facts())) return false;
    hashes.push(hash);
    return true;
  };
  for (let line = 0, start = 0; line < ends.length; line += 1) {
    indexes[line] = isSure(start, ends[line]!) ? scan.index : unsure;
    start = ends[line]!;
  }
  return { bytes, ends, indexes, leafHashes: Buffer.from(hashes.join(''), 'hex') };
}

function endsOf(bytes: Buffer): Uint32Array {
  const ends: number[] = [];
  for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, end + 1))
    ends.push(end + 1);
  if ((ends.at(-1) ?? 0) < bytes.length) ends.push(bytes.length);
  return Uint32Array.from(ends);
}
