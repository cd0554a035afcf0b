/**
 * Values of the ASN.1 types that certificates and revocation lists are made of, from their DER content (X.690; RFC 5280, 4.1). Strict: what
 * has another form throws `CertificateMalformed`, so that nothing is judged by two readings of the same bytes.
 */
import { type DerElement, derElements, firstDerElement } from '../tpm/der.ts';

/** The bytes do not have the form of a certificate, or of a revocation list. The message says what; it holds nothing of the bytes. */
export class CertificateMalformed extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'CertificateMalformed';
  }
}

export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OID: 0x06,
  ENUMERATED: 0x0a,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** The one element that fills `bytes`. */
export function wholeElement(bytes: Uint8Array, tag: number, what: string): DerElement {
  const element = firstDerElement(bytes);
  if (element === undefined || element.whole.length !== bytes.length)
    throw new CertificateMalformed(`${what} is not one DER element`);
  return tagged(element, tag, what);
}

export function tagged(element: DerElement | undefined, tag: number, what: string): DerElement {
  if (element?.tag !== tag) throw new CertificateMalformed(`${what} is missing or of another type`);
  return element;
}

/** What lies in a SEQUENCE or SET. */
export function elementsOf(element: DerElement, what: string): DerElement[] {
  const elements = derElements(element.content);
  if (elements === undefined) throw new CertificateMalformed(`${what} holds broken DER`);
  return elements;
}

/** Dotted form. */
export function objectIdentifier(element: DerElement | undefined, what: string): string {
  const { content } = tagged(element, TAG.OID, what);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const [at, byte] of content.entries()) {
    if (arc === 0n && byte === 0x80) throw new CertificateMalformed(`${what} has a padded arc`);
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0n;
    } else if (at === content.length - 1) throw new CertificateMalformed(`${what} ends within an arc`);
  }
  const [first, ...rest] = arcs;
  if (first === undefined) throw new CertificateMalformed(`${what} is empty`);
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

export function booleanOf(element: DerElement, what: string): boolean {
  const { content } = tagged(element, TAG.BOOLEAN, what);
  if (content.length === 1 && content[0] === 0xff) return true;
  if (content.length === 1 && content[0] === 0) return false;
  throw new CertificateMalformed(`${what} is neither true nor false`);
}

/** Two's complement, minimal. */
export function integerBytes(element: DerElement | undefined, what: string): Uint8Array {
  const { content } = tagged(element, TAG.INTEGER, what);
  const [first, second] = content;
  if (first === undefined) throw new CertificateMalformed(`${what} is empty`);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw new CertificateMalformed(`${what} is padded`);
  return content;
}

/** A number from 0 to 2^31 - 1. */
export function smallNumber(element: DerElement | undefined, what: string): number {
  return numberOf(integerBytes(element, what), what);
}

/** The number of an ENUMERATED. */
export function enumerated(element: DerElement | undefined, what: string): number {
  return numberOf(tagged(element, TAG.ENUMERATED, what).content, what);
}

function numberOf(bytes: Uint8Array, what: string): number {
  if (bytes[0] === undefined) throw new CertificateMalformed(`${what} is empty`);
  if (bytes[0] >= 0x80 || bytes.length > 4) throw new CertificateMalformed(`${what} is out of range`);
  return bytes.reduce((sum, byte) => sum * 0x100 + byte, 0);
}

/** The bytes of a BIT STRING of whole octets. */
export function wholeBits(element: DerElement | undefined, what: string): Uint8Array {
  const { content } = tagged(element, TAG.BIT_STRING, what);
  if (content[0] !== 0) throw new CertificateMalformed(`${what} is not of whole octets`);
  return content.subarray(1);
}

const timeForms: Readonly<Record<number, RegExp>> = {
  [TAG.UTC_TIME]: /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/,
  [TAG.GENERALIZED_TIME]: /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/,
};

/** Epoch milliseconds (RFC 5280, 4.1.2.5: to the second, in UTC; two-digit years from 1950 to 2049). */
export function timeOf(element: DerElement | undefined, what: string): number {
  const text = element && Buffer.from(element.content).toString('latin1');
  const parts = element && timeForms[element.tag]?.exec(text!);
  if (!parts) throw new CertificateMalformed(`${what} is not a time`);
  const [stated, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, ...number[]];
  const year = element.tag === TAG.UTC_TIME ? (stated < 50 ? 2000 : 1900) + stated : stated;
  const at = new Date(0);
  at.setUTCFullYear(year, month! - 1, day!);
  at.setUTCHours(hour!, minute!, second!);
  if (at.getUTCMonth() !== month! - 1 || at.getUTCDate() !== day || at.getUTCSeconds() !== second)
    throw new CertificateMalformed(`${what} is no day of the calendar`);
  return at.getTime();
}

const stringForms: Readonly<Record<number, string>> = {
  12: 'utf-8',
  18: 'latin1',
  19: 'latin1',
  20: 'latin1',
  22: 'latin1',
  30: 'utf-16be',
};

/** Text of a string type; undefined for other types. */
export function stringOf(element: DerElement, what: string): string | undefined {
  const form = stringForms[element.tag];
  if (form === undefined) return undefined;
  try {
    return new TextDecoder(form, { fatal: true }).decode(element.content);
  } catch {
    throw new CertificateMalformed(`${what} is not text of its type`);
  }
}
