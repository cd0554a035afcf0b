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
