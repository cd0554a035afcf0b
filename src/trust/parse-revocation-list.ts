/**
 * A certificate revocation list (RFC 5280, 5.1) taken apart for judging, from untrusted DER: strict, as certificates are
 * read. Whether it may be used is in `revocation-rules.ts`.
 */
import { createHash } from 'node:crypto';
import type { DerElement } from '../tpm/der.ts';
import {
  CertificateMalformed,
  elementsOf,
  objectIdentifier,
  smallNumber,
  TAG,
  tagged,
  timeOf,
  wholeBits,
  wholeElement,
} from './asn1-values.ts';
import { type Extension, extensionsIn } from './certificate-extensions.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';
import { RevokedEntries } from './revoked-entries.ts';
import type { Signed } from './signature.ts';

export interface ParsedRevocationList extends Signed {
  /** Of the whole DER, hex. */
  readonly sha256: string;
  /** 1 or 2. */
  readonly version: number;
  readonly issuer: DistinguishedName;
  /** Epoch milliseconds. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly revoked: RevokedEntries;
  readonly extensions: readonly Extension[];
}

const EXTENSIONS = 0xa0;
const timeTags: readonly number[] = [TAG.UTC_TIME, TAG.GENERALIZED_TIME];
export const serialOf = (serialNumber: Uint8Array): string => Buffer.from(serialNumber).toString('hex');

/** Tells a list from a certificate: only a list has a time at the top of its signed part. */
export function isRevocationList(der: Uint8Array): boolean {
  try {
    const [tbs] = elementsOf(wholeElement(der, TAG.SEQUENCE, ''), '');
    return tbs?.tag === TAG.SEQUENCE && elementsOf(tbs, '').some(({ tag }) => timeTags.includes(tag));
  } catch (error) {
    if (error instanceof CertificateMalformed) return false;
    throw error;
  }
}

/** @throws CertificateMalformed and nothing else */
export function parseRevocationList(der: Uint8Array): ParsedRevocationList {
  const parts = elementsOf(wholeElement(der, TAG.SEQUENCE, 'the list'), 'the list');
  if (parts.length !== 3) throw new CertificateMalformed('a list has three parts');
  const tbs = tagged(parts[0], TAG.SEQUENCE, 'the signed part');
  const outer = tagged(parts[1], TAG.SEQUENCE, 'the signature algorithm');
  const rest = elementsOf(tbs, 'the signed part');
  const version = rest[0]?.tag === TAG.INTEGER ? readVersion(rest.shift()!) : 1;
  const inner = tagged(rest.shift(), TAG.SEQUENCE, 'the signed signature algorithm');
  const issuer = readName(rest.shift(), 'the issuer');
  const thisUpdate = timeOf(rest.shift(), 'thisUpdate');
  const nextUpdate =
    rest[0] && timeTags.includes(rest[0].tag) ? timeOf(rest.shift(), 'nextUpdate') : undefined;
  const entries = rest[0]?.tag === TAG.SEQUENCE ? rest.shift()!.content : new Uint8Array();
  const extensions = rest[0]?.tag === EXTENSIONS ? readExtensionsOf(rest.shift()!) : [];
  if (rest.length > 0) throw new CertificateMalformed('the signed part has a part that is unknown');
  return {
    sha256: createHash('sha256').update(der).digest('hex'),
    version,
    issuer,
    thisUpdate,
    nextUpdate,
    revoked: new RevokedEntries(entries),
    extensions,
    signedBytes: tbs.whole,
    signatureAlgorithm: objectIdentifier(elementsOf(outer, 'the signature algorithm')[0], 'the algorithm'),
    algorithmsAgree: Buffer.from(inner.whole).equals(outer.whole),
    signature: wholeBits(parts[2], 'the signature'),
  };
}

function readVersion(element: DerElement): number {
  const version = 1 + smallNumber(element, 'the version');
  if (version > 2) throw new CertificateMalformed(`there is no version ${version}`);
  return version;
}

function readExtensionsOf({ content }: DerElement): Extension[] {
  return extensionsIn(wholeElement(content, TAG.SEQUENCE, 'the extensions of the list'));
}
