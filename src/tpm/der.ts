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

/** The first element of `bytes`; more may follow. */
export function firstDerElement(bytes: Uint8Array): DerElement | undefined {
  const [tag, length] = bytes;
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (length < 0x80) return element(bytes, 2, length);
  const lengthBytes = length & 0x7f;
  if (lengthBytes === 0 || lengthBytes > 3 || bytes.length < 2 + lengthBytes) return undefined;
  const value = bytes.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 0x100 + byte, 0);
  const smallest = lengthBytes === 1 ? 0x80 : 0x100 ** (lengthBytes - 1);
  return value < smallest ? undefined : element(bytes, 2 + lengthBytes, value);
}

/** The elements that fill `bytes` exactly. */
export function derElements(bytes: Uint8Array): DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let rest = bytes; rest.length > 0; rest = rest.subarray(elements.at(-1)!.whole.length)) {
    const next = firstDerElement(rest);
    if (next === undefined) return undefined;
    elements.push(next);
  }
  return elements;
}

function element(bytes: Uint8Array, start: number, length: number): DerElement | undefined {
  if (start + length > bytes.length) return undefined;
  return {
    tag: bytes[0]!,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(0, start + length),
  };
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
