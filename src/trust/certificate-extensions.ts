/** The extensions that path rules look at (RFC 5280, 4.2 and 5.2), read strictly. */
import type { DerElement } from '../tpm/der.ts';
import {
  booleanOf,
  CertificateMalformed,
  elementsOf,
  objectIdentifier,
  smallNumber,
  TAG,
  tagged,
  wholeElement,
} from './asn1-values.ts';

export const extensionOid = {
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

export type KeyUsage = 'keyEncipherment' | 'keyAgreement' | 'keyCertSign' | 'cRLSign';

/** Bits of KeyUsage (4.2.1.3), counted from the first. */
const keyUsageBits: readonly (readonly [KeyUsage, number])[] = [
  ['keyEncipherment', 2],
  ['keyAgreement', 4],
  ['keyCertSign', 5],
  ['cRLSign', 6],
];

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** What lies in the OCTET STRING. */
  readonly value: Uint8Array;
}

export interface CertificateExtensions {
  readonly all: readonly Extension[];
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  /** OIDs of the purposes. */
  readonly extendedKeyUsage?: readonly string[];
}

/** @param list the `[3]` element of a TBSCertificate */
export function readExtensions(list: DerElement | undefined): CertificateExtensions {
  if (list === undefined) return { all: [] };
  const all = extensionsIn(wholeElement(list.content, TAG.SEQUENCE, 'the list of extensions'));
  const contentOf = (oid: string) => all.find(extension => extension.oid === oid)?.value;
  const constraints = contentOf(extensionOid.basicConstraints);
  const usage = contentOf(extensionOid.keyUsage);
  const purposes = contentOf(extensionOid.extendedKeyUsage);
  return {
    all,
    ...(constraints && { basicConstraints: readBasicConstraints(constraints) }),
    ...(usage && { keyUsage: readKeyUsage(usage) }),
    ...(purposes && { extendedKeyUsage: readPurposes(purposes) }),
  };
}

/** Far more than any has: what is looked for among them is looked for in all. */
const MOST_EXTENSIONS = 64;

/** @param sequence an `Extensions` of any structure that has them */
export function extensionsIn(sequence: DerElement): Extension[] {
  const what = 'the list of extensions';
  const items = elementsOf(tagged(sequence, TAG.SEQUENCE, what), what);
  if (items.length > MOST_EXTENSIONS) throw new CertificateMalformed(`there are ${items.length} extensions`);
  return items.map(readExtension);
}

function readExtension(item: DerElement): Extension {
  const parts = elementsOf(tagged(item, TAG.SEQUENCE, 'an extension'), 'an extension');
  const oid = objectIdentifier(parts[0], "an extension's type");
  const critical = parts.length === 3 && booleanOf(parts[1]!, `criticality of ${oid}`);
  if (parts.length > 3) throw new CertificateMalformed(`extension ${oid} has too many parts`);
  const value = tagged(parts.at(-1), TAG.OCTET_STRING, `extension ${oid}`);
  return { oid, critical, value: value.content };
}

function readBasicConstraints(value: Uint8Array): { ca: boolean; pathLength?: number } {
  const what = 'basicConstraints';
  const rest = elementsOf(wholeElement(value, TAG.SEQUENCE, what), what);
  const ca = rest[0]?.tag === TAG.BOOLEAN && booleanOf(rest.shift()!, what);
  const length = rest.shift();
  if (rest.length > 0) throw new CertificateMalformed(`${what} has too many parts`);
  return length === undefined ? { ca } : { ca, pathLength: smallNumber(length, what) };
}

function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const { content } = wholeElement(value, TAG.BIT_STRING, 'keyUsage');
  const unused = content[0];
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0))
    throw new CertificateMalformed('keyUsage is not a bit string');
  const bit = (at: number) => ((content[1 + (at >> 3)] ?? 0) & (0x80 >> (at & 7))) !== 0;
  return new Set(keyUsageBits.filter(([, at]) => bit(at)).map(([usage]) => usage));
}

function readPurposes(value: Uint8Array): readonly string[] {
  const what = 'extendedKeyUsage';
  const purposes = elementsOf(wholeElement(value, TAG.SEQUENCE, what), what);
  if (purposes.length === 0) throw new CertificateMalformed(`${what} names no purpose`);
  return purposes.map(purpose => objectIdentifier(purpose, what));
}
