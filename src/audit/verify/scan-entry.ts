/**
 * Reads one entry from its bytes: whether they are the one RFC 8785 form of a JSON object with the members that every
 * entry has, and what these say. What it says beyond its index is read when somebody asks. Untrusted bytes.
 */
import { isUtf8 } from 'node:buffer';
import { braceOpen, broken, CanonicalJson, type MemberWatch, quote } from './canonical-json.ts';
import { isInstantAt } from './instant.ts';

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

/** Members that every entry has, in the order in which RFC 8785 has them, each by where its place is noted; others may stand between them. */
const [at, data, index, origin, personId, rehearsal, type, v] = [0, 2, 4, 6, 8, 10, 12, 14] as const;
const names = ['at', 'data', 'index', 'origin', 'personId', 'rehearsal', 'type', 'v'].map(name =>
  Buffer.from(`"${name}"`),
);

const none = new CanonicalJson(new ArrayBuffer(0));

/** Where the members of one entry lie. One instance looks at one entry after the other. */
export class EntryScan implements MemberWatch {
  #json = none;
  #found = 0;
  /** Of each of `names`: where its value begins, and behind that where the byte after it is. */
  readonly #places = new Int32Array(2 * names.length);
  #index = 0;

  /** Whether the bytes from `from` up to `to`, which are UTF-8, are an entry in its one form. They must stay as they are. */
  scan(json: CanonicalJson, from: number, to: number): boolean {
    const { bytes } = json;
    this.#json = json;
    this.#found = 0;
    if (bytes[from] !== braceOpen || json.objectEnd(from, deepest, this) !== to) return false;
    if (this.#found !== names.length) return false;
    const places = this.#places;
    if (bytes[places[v]!] !== 0x31 || places[v + 1]! - places[v]! !== 1) return false;
    if (bytes[places[rehearsal]!] !== 0x74 && bytes[places[rehearsal]!] !== 0x66) return false;
    if (bytes[places[data]!] !== braceOpen || !isInstantAt(bytes, places[at]!, places[at + 1]!)) return false;
    if (bytes[places[origin]!] !== quote || bytes[places[personId]!] !== quote) return false;
    if (bytes[places[type]!] !== quote) return false;
    this.#index = wholeAt(bytes, places[index]!, places[index + 1]!);
    return this.#index !== broken;
  }

  member(name: number, nameEnd: number, value: number, valueEnd: number): void {
    const place = this.#found;
    if (place === names.length || !this.#json.isAt(name, nameEnd, names[place]!)) return;
    this.#places[2 * place] = value;
    this.#places[2 * place + 1] = valueEnd;
    this.#found = place + 1;
  }

  get index(): number {
    return this.#index;
  }

  get rehearsal(): boolean {
    return this.#json.bytes[this.#places[rehearsal]!] === 0x74;
  }

  /** @param text as JSON has it */
  isOfOrigin(text: Uint8Array): boolean {
    return this.#json.isAt(this.#places[origin]!, this.#places[origin + 1]!, text);
  }

  /** @param text as JSON has it */
  isOfType(text: Uint8Array): boolean {
    return this.#json.isAt(this.#places[type]!, this.#places[type + 1]!, text);
  }

  facts(): EntryFacts {
    return new ScannedEntry(this.#json, this.#places.slice(), this.#index);
  }
}

/** Says what somebody asks for: most of those who judge an entry ask for little. */
class ScannedEntry implements EntryFacts {
  readonly v = 1;
  readonly index: number;
  readonly #json: CanonicalJson;
  readonly #places: Int32Array;
  #data: EntryFacts['data'] | undefined;

  constructor(json: CanonicalJson, places: Int32Array, whole: number) {
    this.index = whole;
    this.#json = json;
    this.#places = places;
  }

  get rehearsal(): boolean {
    return this.#json.bytes[this.#places[rehearsal]!] === 0x74;
  }

  get origin(): string {
    return this.#text(origin);
  }

  get at(): string {
    return this.#text(at);
  }

  get type(): string {
    return this.#text(type);
  }

  get personId(): string {
    return this.#text(personId);
  }

  get data(): EntryFacts['data'] {
    this.#data ??= JSON.parse(
      this.#json.bytes.toString('utf8', this.#places[data], this.#places[data + 1]),
    ) as EntryFacts['data'];
    return this.#data;
  }

  #text(name: number): string {
    return this.#json.stringAt(this.#places[name]!, this.#places[name + 1]!);
  }
}

const scan = new EntryScan();
/** Of the memory that was looked at last: the lines of a file come by the thousand in one. */
let last = none;

/** @returns undefined where the bytes are no entry, or not the one form of it; they must stay as they are */
export function scanEntry(bytes: Buffer): EntryFacts | undefined {
  if (!isUtf8(bytes)) return undefined;
  if (last.bytes.buffer !== bytes.buffer) last = new CanonicalJson(bytes.buffer);
  const { byteOffset: from, length } = bytes;
  return scan.scan(last, from, from + length) ? scan.facts() : undefined;
}

/** Of a value in its one form: what a number says that is not below zero; `broken` of anything else. */
function wholeAt(bytes: Buffer, from: number, to: number): number {
  let whole = 0;
  for (let i = from; i < to; i += 1) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return broken;
    whole = whole * 10 + digit;
  }
  return whole;
}
