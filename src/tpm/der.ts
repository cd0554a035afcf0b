/**
 * The little of DER (X.690) that Keyline must read by itself: the length of a certificate in padded NV storage, and
 * the public key of a certificate whose algorithm OpenSSL knows no key for. Input is untrusted; what is not a definite,
 * minimal length within its parent gives undefined.
 */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

export const DER = { INTEGER: 0x02, BIT_STRING: 0x03, OID: 0x06, SEQUENCE: 0x30, CONTEXT_0: 0xa0 } as const;

/**
 * Goes over the elements in a part of `bytes`, one after the other and without an object for each: untrusted input can
 * have tens of thousands.
 */
export class DerCursor {
  readonly #bytes: Uint8Array;
  #next = 0;
  #limit = 0;
  /** Of the element that `next` came to. */
  tag = 0;
  /** Where it begins, where its content begins, and where both end. */
  begin = 0;
  start = 0;
  end = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes over the elements from `start` to before `end`. */
  over(start: number, end: number): this {
    this.#next = start;
    this.#limit = end;
    return this;
  }

  /** Whether all was gone over. */
  get isAtEnd(): boolean {
    return this.#next === this.#limit;
  }

  /** Comes to the next element. @returns false at the end, and where what follows is no element */
  next(): boolean {
    const bytes = this.#bytes;
    const begin = this.#next;
    if (begin + 2 > this.#limit) return false;
    const tag = bytes[begin]!;
    if ((tag & 0x1f) === 0x1f) return false;
    let length = bytes[begin + 1]!;
    let start = begin + 2;
    if (length >= 0x80) {
      const lengthBytes = length & 0x7f;
      if (lengthBytes === 0 || lengthBytes > 3 || start + lengthBytes > this.#limit) return false;
      length = 0;
      for (const end = start + lengthBytes; start < end; start += 1) length = length * 0x100 + bytes[start]!;
      if (length < 0x80 || length < 0x100 ** (lengthBytes - 1)) return false;
    }
    if (start + length > this.#limit) return false;
    this.tag = tag;
    this.begin = begin;
    this.start = start;
    this.end = start + length;
    this.#next = this.end;
    return true;
  }
}

/** The first element of `bytes`; more may follow. */
export function firstDerElement(bytes: Uint8Array): DerElement | undefined {
  const cursor = new DerCursor(bytes).over(0, bytes.length);
  return cursor.next() ? elementAt(cursor, bytes) : undefined;
}

/** Far more than a structure has that is read so; a cursor goes over longer ones. */
const MOST_ELEMENTS = 1000;

/** The elements that fill `bytes` exactly; undefined also where they are more than a thousand. */
export function derElements(bytes: Uint8Array): DerElement[] | undefined {
  const elements: DerElement[] = [];
  const cursor = new DerCursor(bytes).over(0, bytes.length);
  while (elements.length < MOST_ELEMENTS && cursor.next()) elements.push(elementAt(cursor, bytes));
  return cursor.isAtEnd ? elements : undefined;
}

function elementAt({ tag, begin, start, end }: DerCursor, bytes: Uint8Array): DerElement {
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(begin, end) };
}

/** @param number big-endian */
export function derPositiveInteger(number: Uint8Array): Uint8Array {
  const leadingZeros = number.findIndex(byte => byte !== 0);
  const digits = leadingZeros < 0 ? Uint8Array.of(0) : number.subarray(leadingZeros);
  const sign = digits[0]! >= 0x80 ? [Uint8Array.of(0)] : [];
  return encoded(DER.INTEGER, [...sign, digits]);
}

export function derSequence(elements: readonly Uint8Array[]): Uint8Array {
  return encoded(DER.SEQUENCE, elements);
}

function encoded(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > 0xffff) throw new RangeError(`a DER element of ${length} bytes`);
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >>> 8, length & 0xff];
  return Buffer.concat([Uint8Array.from(head), ...parts]);
}
