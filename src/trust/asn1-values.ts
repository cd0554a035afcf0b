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
  if (elements === undefined)
    throw new CertificateMalformed(`${what} holds broken DER, or more than anything of its kind`);
  return elements;
}

/** An arc of as many bytes as there are would take a processor's time by their square. */
const LONGEST_OID = 128;

/** Dotted form. */
export function objectIdentifier(element: DerElement | undefined, what: string): string {
  const { content } = tagged(element, TAG.OID, what);
  if (!isObjectIdentifier(content, 0, content.length))
    throw new CertificateMalformed(`${what} is no object identifier`);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first, ...rest] = arcs as [bigint, ...bigint[]];
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** Whether content has the form of one, from `start` to before `end`: whole arcs, none padded. */
export function isObjectIdentifier(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > LONGEST_OID) return false;
  let isWithinArc = false;
  for (let at = start; at < end; at += 1) {
    if (!isWithinArc && bytes[at] === 0x80) return false;
    isWithinArc = bytes[at]! >= 0x80;
  }
  return !isWithinArc;
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
  if (!isInteger(content, 0, content.length)) throw new CertificateMalformed(`${what} is no integer`);
  return content;
}

/** Whether content has the form of one, from `start` to before `end`: not empty, not padded. */
export function isInteger(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2) return end > start;
  const first = bytes[start];
  const isNegative = bytes[start + 1]! >= 0x80;
  return !(first === 0 && !isNegative) && !(first === 0xff && isNegative);
}

/** A number from 0 to 2^31 - 1. */
export function smallNumber(element: DerElement | undefined, what: string): number {
  const bytes = integerBytes(element, what);
  if (bytes[0]! >= 0x80 || bytes.length > 4) throw new CertificateMalformed(`${what} is out of range`);
  return bytes.reduce((sum, byte) => sum * 0x100 + byte, 0);
}

/** The bytes of a BIT STRING of whole octets. */
export function wholeBits(element: DerElement | undefined, what: string): Uint8Array {
  const { content } = tagged(element, TAG.BIT_STRING, what);
  if (content[0] !== 0) throw new CertificateMalformed(`${what} is not of whole octets`);
  return content.subarray(1);
}

/** Epoch milliseconds (RFC 5280, 4.1.2.5: to the second, in UTC; two-digit years from 1950 to 2049). */
export function timeOf(element: DerElement | undefined, what: string): number {
  const at = element && timeIn(element.content, element.tag, 0, element.content.length);
  if (at === undefined) throw new CertificateMalformed(`${what} is not a time`);
  return at;
}

/** As `timeOf`, of the content from `start` to before `end`; undefined where it is no time. */
export function timeIn(bytes: Uint8Array, tag: number, start: number, end: number): number | undefined {
  const yearDigits = tag === TAG.UTC_TIME ? 2 : tag === TAG.GENERALIZED_TIME ? 4 : 0;
  if (yearDigits === 0 || end - start !== yearDigits + 11 || bytes[end - 1] !== 0x5a) return undefined;
  const first = twoDigits(bytes, start);
  const year =
    yearDigits === 4 ? first * 100 + twoDigits(bytes, start + 2) : first + (first < 50 ? 2000 : 1900);
  const month = twoDigits(bytes, end - 11);
  const day = twoDigits(bytes, end - 9);
  const hour = twoDigits(bytes, end - 7);
  const minute = twoDigits(bytes, end - 5);
  const second = twoDigits(bytes, end - 3);
  const isDay = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, year);
  if (!(isDay && hour < 24 && minute < 60 && second < 60)) return undefined;
  // One cycle of the calendar later: before the year 100 `Date.UTC` means other years.
  return Date.UTC(year + 400, month - 1, day, hour, minute, second) - MS_IN_400_YEARS;
}

const MS_IN_400_YEARS = 146_097 * 86_400_000;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function daysOf(month: number, year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : monthDays[month - 1]!;
}

/** NaN where they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30;
  const ones = bytes[at + 1]! - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
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
