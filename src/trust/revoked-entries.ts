/**
 * The entries of a revocation list (RFC 5280, 5.3), read strictly and without an object for each: a list of 1 MiB has about
 * thirty thousand, and is read on the thread that serves the screens. Once over all of it for their form; which serial number is
 * where, at the first question. Untrusted input.
 */
import { createHash } from 'node:crypto';
import { DerCursor } from '../tpm/der.ts';
import {
  CertificateMalformed,
  isInteger,
  isObjectIdentifier,
  objectIdentifier,
  TAG,
  timeIn,
} from './asn1-values.ts';

export interface RevokedEntry {
  /** Epoch milliseconds. */
  readonly revokedAt: number;
  /** RFC 5280's name of it (5.3.1); undefined where the list gives none. */
  readonly reason: string | undefined;
}

const reasons: readonly (string | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  // 8, removeFromCRL, stands in delta lists only.
  undefined,
  'privilegeWithdrawn',
  'aACompromise',
];
/** id-ce-cRLReasons, 2.5.29.21, as content. */
const REASON_CODE = [0x55, 0x1d, 0x15] as const;

export class RevokedEntries {
  readonly #content: Buffer;
  /** Where the entry of a serial number begins; of several the last one. */
  #places: ReadonlyMap<string, number> | undefined;
  #serialsSha256: string | undefined;
  /** How many entries there are. */
  readonly size: number;
  /** Of the first critical extension whose meaning is not known here, dotted: the list cannot be used then. */
  readonly criticalExtension: string | undefined;

  /** @param content of revokedCertificates. @throws CertificateMalformed */
  constructor(content: Uint8Array) {
    this.#content = Buffer.from(content.buffer, content.byteOffset, content.length);
    const entries = new EntryCursor(this.#content);
    let size = 0;
    while (entries.next()) size += 1;
    this.size = size;
    this.criticalExtension = entries.criticalExtension;
  }

  /** @param serialNumber big-endian two's complement */
  has(serialNumber: Uint8Array): boolean {
    return this.#placeOf(serialNumber) !== undefined;
  }

  /** @param serialNumber big-endian two's complement */
  get(serialNumber: Uint8Array): RevokedEntry | undefined {
    const place = this.#placeOf(serialNumber);
    if (place === undefined) return undefined;
    const entry = new EntryCursor(this.#content, place);
    entry.next();
    return { revokedAt: entry.revokedAt, reason: entry.reason };
  }

  /** Of the serial numbers as they stand one after the other: whom the list revokes, whatever else it says. Hex. */
  get serialsSha256(): string {
    this.#serialsSha256 ??= this.#hashOfSerials();
    return this.#serialsSha256;
  }

  #placeOf(serialNumber: Uint8Array): number | undefined {
    this.#places ??= this.#allPlaces();
    return this.#places.get(Buffer.from(serialNumber).toString('latin1'));
  }

  #allPlaces(): ReadonlyMap<string, number> {
    const places = new Map<string, number>();
    const entries = new EntryCursor(this.#content);
    while (entries.next())
      places.set(this.#content.toString('latin1', entries.serialStart, entries.serialEnd), entries.begin);
    return places;
  }

  #hashOfSerials(): string {
    const serials = Buffer.alloc(this.#content.length);
    const entries = new EntryCursor(this.#content);
    let length = 0;
    while (entries.next())
      length += this.#content.copy(serials, length, entries.serialBegin, entries.serialEnd);
    return createHash('sha256').update(serials.subarray(0, length)).digest('hex');
  }
}

/** Goes from entry to entry; what it came to is in its fields. */
class EntryCursor {
  readonly #bytes: Uint8Array;
  readonly #entries: DerCursor;
  readonly #parts: DerCursor;
  readonly #extensions: DerCursor;
  readonly #members: DerCursor;
  /** Where the entry begins, and its serial number, and the content of that with its end. */
  begin = 0;
  serialBegin = 0;
  serialStart = 0;
  serialEnd = 0;
  revokedAt = 0;
  reason: string | undefined;
  /** Of all entries so far the first one. */
  criticalExtension: string | undefined;

  /** @param place where an entry begins */
  constructor(bytes: Uint8Array, place = 0) {
    this.#bytes = bytes;
    this.#entries = new DerCursor(bytes).over(place, bytes.length);
    this.#parts = new DerCursor(bytes);
    this.#extensions = new DerCursor(bytes);
    this.#members = new DerCursor(bytes);
  }

  /** @throws CertificateMalformed */
  next(): boolean {
    const entries = this.#entries;
    if (!entries.next()) {
      hold(entries.isAtEnd, 'the entries hold broken DER');
      return false;
    }
    hold(entries.tag === TAG.SEQUENCE, 'an entry is of another type');
    this.begin = entries.begin;
    const parts = this.#parts.over(entries.start, entries.end);
    const hasSerial =
      parts.next() && parts.tag === TAG.INTEGER && isInteger(this.#bytes, parts.start, parts.end);
    hold(hasSerial, 'an entry has no serial number');
    this.serialBegin = parts.begin;
    this.serialStart = parts.start;
    this.serialEnd = parts.end;
    const revokedAt = parts.next() ? timeIn(this.#bytes, parts.tag, parts.start, parts.end) : undefined;
    if (revokedAt === undefined) throw new CertificateMalformed('the date of an entry is not a time');
    this.revokedAt = revokedAt;
    this.reason = undefined;
    if (parts.next()) this.#readExtensions(parts);
    hold(parts.isAtEnd, 'an entry has too many parts');
    return true;
  }

  #readExtensions({ tag, start, end }: DerCursor): void {
    hold(tag === TAG.SEQUENCE, 'the extensions of an entry are of another type');
    const extensions = this.#extensions.over(start, end);
    while (extensions.next()) this.#readExtension(extensions);
    hold(extensions.isAtEnd, 'the extensions of an entry hold broken DER');
  }

  #readExtension({ tag, start, end }: DerCursor): void {
    const bytes = this.#bytes;
    hold(tag === TAG.SEQUENCE, 'an extension is of another type');
    const members = this.#members.over(start, end);
    const hasType =
      members.next() && members.tag === TAG.OID && isObjectIdentifier(bytes, members.start, members.end);
    hold(hasType, "an extension's type is no object identifier");
    const typeStart = members.start;
    const typeEnd = members.end;
    const isReason =
      typeEnd - typeStart === REASON_CODE.length &&
      REASON_CODE.every((byte, at) => bytes[typeStart + at] === byte);
    let hasMore = members.next();
    let isCritical = false;
    if (hasMore && members.tag === TAG.BOOLEAN) {
      const value = bytes[members.start];
      hold(
        members.end - members.start === 1 && (value === 0xff || value === 0),
        'criticality is neither true nor false',
      );
      isCritical = value === 0xff;
      hasMore = members.next();
    }
    hold(hasMore && members.tag === TAG.OCTET_STRING && members.isAtEnd, 'an extension has no value');
    if (isReason) this.reason ??= reasonIn(bytes, members.start, members.end);
    else if (isCritical && this.criticalExtension === undefined) {
      const content = bytes.subarray(typeStart, typeEnd);
      this.criticalExtension = objectIdentifier({ tag: TAG.OID, content, whole: content }, 'an extension');
    }
  }
}

function reasonIn(bytes: Uint8Array, start: number, end: number): string {
  const isNumber = end - start === 3 && bytes[start] === TAG.ENUMERATED && bytes[start + 1] === 1;
  const reason = isNumber ? reasons[bytes[start + 2]!] : undefined;
  if (reason === undefined) throw new CertificateMalformed('an entry has a reason that is none');
  return reason;
}

function hold(holds: boolean, otherwise: string): void {
  if (!holds) throw new CertificateMalformed(otherwise);
}
