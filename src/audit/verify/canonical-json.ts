/**
 * Looks at JSON byte by byte: whether it is written in the one form that RFC 8785 gives it, narrowed to what an entry may hold
 * (`../README.md`): numbers are whole and below 2^53. No value is made of it, so it takes a fifth of the time of a parser, and no
 * fault of one can hide a second spelling. Untrusted bytes; that they are UTF-8 is the caller's to find out.
 */

/** What is said instead of where something ends. */
export const broken = -1;

export const quote = 0x22;
export const braceOpen = 0x7b;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const braceClose = 0x7d;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const minus = 0x2d;
const [zero, nine] = [0x30, 0x39];

/** Bytes that do not stand in a string as they are: quote, backslash, and what must be escaped. */
const endsRun = new Uint8Array(256).fill(1, 0, 0x20);
endsRun[quote] = 1;
endsRun[backslash] = 1;

/** RFC 8785 section 3.2.2.2: the escapes there are, by what stands after the backslash; all else is written as it is. */
const shortEscapes = new Set(Buffer.from('"\\bfnrt'));
const longEscape = /^u00(?:0[0-7be-f]|1[0-9a-f])$/;

/** Told of the members of the outermost object, in order: where the name and the value lie, strings with their quotes. */
export interface MemberWatch {
  member(name: number, nameEnd: number, value: number, valueEnd: number): void;
}

/** The bytes of one memory, in which places are counted from its beginning. */
export class CanonicalJson {
  readonly bytes: Buffer;
  /** The same four at a time, for the insides of strings. */
  readonly #words: Int32Array;

  constructor(memory: ArrayBufferLike) {
    this.bytes = Buffer.from(memory);
    this.#words = new Int32Array(memory, 0, memory.byteLength >> 2);
  }

  /**
   * @param depth how many objects and arrays may lie in each other, this one counted
   * @returns where the byte after the object is, or `broken`
   */
  objectEnd(from: number, depth: number, watch?: MemberWatch): number {
    const { bytes } = this;
    if (depth === 0) return broken;
    let at = from + 1;
    if (bytes[at] === braceClose) return at + 1;
    for (let before = -1, beforeEnd = -1; ; at += 1) {
      if (bytes[at] !== quote) return broken;
      const end = this.#stringEnd(at);
      if (end === broken || bytes[end] !== colon) return broken;
      if (before >= 0 && !this.#inOrder(before, beforeEnd, at, end)) return broken;
      const close = this.#valueEnd(end + 1, depth - 1);
      if (close === broken) return broken;
      watch?.member(at, end, end + 1, close);
      before = at;
      beforeEnd = end;
      at = close;
      if (bytes[at] === braceClose) return at + 1;
      if (bytes[at] !== comma) return broken;
    }
  }

  /** What a string says. @param from its opening quote @param to after the closing one; what lies between was looked at */
  stringAt(from: number, to: number): string {
    const text = this.bytes.toString('utf8', from + 1, to - 1);
    return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
  }

  isAt(from: number, to: number, expected: Uint8Array): boolean {
    const { bytes } = this;
    const { length } = expected;
    if (to - from !== length) return false;
    for (let at = 0; at < length; at += 1) if (bytes[from + at] !== expected[at]) return false;
    return true;
  }

  #valueEnd(at: number, depth: number): number {
    switch (this.bytes[at]) {
      case quote:
        return this.#stringEnd(at);
      case braceOpen:
        return this.objectEnd(at, depth);
      case bracketOpen:
        return this.#arrayEnd(at, depth);
      case 0x74:
        return this.#literalEnd(at, 'true');
      case 0x66:
        return this.#literalEnd(at, 'false');
      case 0x6e:
        return this.#literalEnd(at, 'null');
      default:
        return this.#numberEnd(at);
    }
  }

  #arrayEnd(from: number, depth: number): number {
    const { bytes } = this;
    if (depth === 0) return broken;
    let at = from + 1;
    if (bytes[at] === bracketClose) return at + 1;
    for (;;) {
      at = this.#valueEnd(at, depth - 1);
      if (at === broken) return broken;
      if (bytes[at] === bracketClose) return at + 1;
      if (bytes[at] !== comma) return broken;
      at += 1;
    }
  }

  #stringEnd(from: number): number {
    const { bytes } = this;
    const { length } = bytes;
    for (let at = from + 1; at < length; at += 1) {
      if ((at & 3) === 0) at = this.#runEnd(at);
      const byte = bytes[at]!;
      if (endsRun[byte] === 0) continue;
      if (byte === quote) return at + 1;
      if (byte !== backslash) return broken;
      if (shortEscapes.has(bytes[at + 1]!)) at += 1;
      else if (longEscape.test(bytes.toString('latin1', at + 1, at + 6))) at += 5;
      else return broken;
    }
    return broken;
  }

  /** The first four bytes from here on of which one ends a run. Bytes are subtracted at once: who borrows is such a one. */
  #runEnd(at: number): number {
    const words = this.#words;
    const { length } = words;
    let place = at >> 2;
    for (; place < length; place += 1) {
      const word = words[place]!;
      const quotes = word ^ 0x22222222;
      const backslashes = word ^ 0x5c5c5c5c;
      const borrowed =
        ((quotes - 0x01010101) & ~quotes) |
        ((backslashes - 0x01010101) & ~backslashes) |
        ((word - 0x20202020) & ~word);
      if ((borrowed & 0x80808080) !== 0) break;
    }
    return place << 2;
  }

  #numberEnd(from: number): number {
    const { bytes } = this;
    const start = bytes[from] === minus ? from + 1 : from;
    let at = start;
    while (bytes[at]! >= zero && bytes[at]! <= nine) at += 1;
    if (at === start || at - start > 16) return broken;
    // Zero is written 0, and no other number begins with one.
    if (bytes[start] === zero) return at - from === 1 ? at : broken;
    return at - start < 16 || Number.isSafeInteger(Number(bytes.toString('latin1', from, at))) ? at : broken;
  }

  #literalEnd(from: number, literal: string): number {
    const { bytes } = this;
    for (let at = 0; at < literal.length; at += 1)
      if (bytes[from + at] !== literal.charCodeAt(at)) return broken;
    return from + literal.length;
  }

  /** RFC 8785 section 3.2.3: names in the order of their UTF-16 code units, each once. */
  #inOrder(a: number, aEnd: number, b: number, bEnd: number): boolean {
    const { bytes } = this;
    for (let i = a + 1, j = b + 1; ; i += 1, j += 1) {
      const left = bytes[i]!;
      const right = bytes[j]!;
      // Beyond ASCII, and where something is escaped, the bytes' order is not that of the code units.
      if ((left | right) >= 0x80 || left === backslash || right === backslash)
        return this.stringAt(a, aEnd) < this.stringAt(b, bEnd);
      if (j === bEnd - 1) return false;
      if (i === aEnd - 1) return true;
      if (left !== right) return left < right;
    }
  }
}
