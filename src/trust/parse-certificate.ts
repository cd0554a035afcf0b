/**
 * An X.509 certificate (RFC 5280, 4.1) taken apart for judging, from untrusted DER. Node's own reader gives neither the
 * signed bytes nor the extensions, and no key at all for one marked id-RSAES-OAEP; a library that does would cost a
 * command more to load than the harvest takes.
 */
import { createHash } from 'node:crypto';
import type { DerElement } from '../tpm/der.ts';
import {
  CertificateMalformed,
  elementsOf,
  integerBytes,
  objectIdentifier,
  smallNumber,
  TAG,
  tagged,
  timeOf,
  wholeBits,
  wholeElement,
} from './asn1-values.ts';
import { type CertificateExtensions, readExtensions } from './certificate-extensions.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';
import type { Signed } from './signature.ts';
import { readSubjectKey, type SubjectKey } from './subject-key.ts';

export interface ParsedCertificate extends Signed {
  /** Of the whole DER, hex. */
  readonly sha256: string;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Big-endian two's complement. */
  readonly serialNumber: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly key: SubjectKey;
  readonly extensions: CertificateExtensions;
}

/** `[0]` version, `[1]` and `[2]` unique identifiers, `[3]` extensions. */
const CONTEXT = { VERSION: 0xa0, ISSUER_ID: 0x81, SUBJECT_ID: 0x82, EXTENSIONS: 0xa3 } as const;

/** @throws CertificateMalformed and nothing else */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
  const parts = elementsOf(wholeElement(der, TAG.SEQUENCE, 'the certificate'), 'the certificate');
  if (parts.length !== 3) throw new CertificateMalformed('a certificate has three parts');
  const tbs = tagged(parts[0], TAG.SEQUENCE, 'the signed part');
  const outer = tagged(parts[1], TAG.SEQUENCE, 'the signature algorithm');
  const rest = elementsOf(tbs, 'the signed part');
  const version = rest[0]?.tag === CONTEXT.VERSION ? readVersion(rest.shift()!) : 1;
  const serialNumber = integerBytes(rest.shift(), 'the serial number');
  const inner = tagged(rest.shift(), TAG.SEQUENCE, 'the signed signature algorithm');
  const issuer = readName(rest.shift(), 'the issuer');
  const validity = elementsOf(tagged(rest.shift(), TAG.SEQUENCE, 'the validity'), 'the validity');
  if (validity.length !== 2) throw new CertificateMalformed('the validity has two times');
  const subject = readName(rest.shift(), 'the subject');
  const key = readSubjectKey(tagged(rest.shift(), TAG.SEQUENCE, 'the public key'));
  if (rest[0]?.tag === CONTEXT.ISSUER_ID) rest.shift();
  if (rest[0]?.tag === CONTEXT.SUBJECT_ID) rest.shift();
  const extensions = rest[0]?.tag === CONTEXT.EXTENSIONS ? rest.shift() : undefined;
  if (rest.length > 0) throw new CertificateMalformed('the signed part has a part that is unknown');
  return {
    sha256: createHash('sha256').update(der).digest('hex'),
    version,
    serialNumber,
    issuer,
    subject,
    notBefore: timeOf(validity[0], 'notBefore'),
    notAfter: timeOf(validity[1], 'notAfter'),
    key,
    extensions: readExtensions(extensions),
    signedBytes: tbs.whole,
    signatureAlgorithm: objectIdentifier(elementsOf(outer, 'the signature algorithm')[0], 'the algorithm'),
    algorithmsAgree: Buffer.from(inner.whole).equals(outer.whole),
    signature: wholeBits(parts[2], 'the signature'),
  };
}

function readVersion(element: DerElement): number {
  const version = 1 + smallNumber(wholeElement(element.content, TAG.INTEGER, 'the version'), 'the version');
  if (version > 3) throw new CertificateMalformed(`there is no version ${version}`);
  return version;
}
