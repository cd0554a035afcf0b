/**
 * The EK certificate as it lies in NV (TCG EK Credential Profile, 2.2.1.4; X.509): DER, often filled up with 00 or FF,
 * in old TPMs behind a header `10 01 00` with a 2-byte length. Judged here is one thing: whether its public key is the
 * endorsement key (rule H8, first half). Who issued it is not judged: a fitting certificate is `unchecked`.
 * The bytes are untrusted; whatever they are, the answer is one of the statuses.
 */
import { hash, X509Certificate } from 'node:crypto';
import { sameBytes } from './bytes.ts';
import { type CertificateKey, keyDifference, readCertificateKey } from './certificate-key.ts';
import { cleanText } from './clean-text.ts';
import { DER, firstDerElement } from './der.ts';
import type { CredentialKey } from './make-credential.ts';

export interface CertificateContent {
  /** DER without padding, base64. */
  readonly der: string;
  /** Of the DER, hex. */
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  /** RFC 3339. */
  readonly notAfter: string;
}

export interface ReadableCertificate extends CertificateContent {
  readonly status: 'unchecked' | 'mismatch';
  readonly detail?: string;
}

export interface UnreadableCertificate {
  readonly status: 'unreadable';
  /** The bytes as they lie in NV, base64. */
  readonly der: string;
  readonly detail: string;
}

const OLD_HEADER = Buffer.from('100100', 'hex');

export function judgeEkCertificate(
  nvContent: Uint8Array,
  endorsementKey: CredentialKey,
): ReadableCertificate | UnreadableCertificate {
  const parsed = parseEkCertificate(nvContent);
  if ('status' in parsed) return parsed;
  const difference = keyDifference(parsed.key, endorsementKey);
  return difference === undefined
    ? { status: 'unchecked', ...parsed.content }
    : { status: 'mismatch', ...parsed.content, detail: difference };
}

/**
 * Whether the certificate is for the endorsement key, if OpenSSL reads it: what decides is told at once, names and date
 * take ten times as long. Where this says no, `judgeEkCertificate` says why.
 */
export function certifies(nvContent: Uint8Array, endorsementKey: CredentialKey): boolean {
  const der = findDer(nvContent);
  const key = der && readCertificateKey(der);
  return key !== undefined && keyDifference(key, endorsementKey) === undefined;
}

/** A certificate that is there to be compared with several keys. */
export function parseEkCertificate(
  nvContent: Uint8Array,
): { readonly content: CertificateContent; readonly key: CertificateKey } | UnreadableCertificate {
  const unreadable = (detail: string): UnreadableCertificate => ({
    status: 'unreadable',
    der: Buffer.from(nvContent).toString('base64'),
    detail,
  });
  const der = findDer(nvContent);
  if (der === undefined) return unreadable('there is no whole DER certificate in the NV index');
  const key = readCertificateKey(der);
  if (key === undefined) return unreadable('the DER in the NV index has not the form of a certificate');
  const names = readNames(der);
  if (names === undefined) return unreadable('OpenSSL does not read the certificate');
  return {
    content: {
      der: Buffer.from(der).toString('base64'),
      sha256: hash('sha256', der),
      ...names,
    },
    key,
  };
}

/** The certificate's bytes without header and padding. */
function findDer(nvContent: Uint8Array): Uint8Array | undefined {
  const start = sameBytes(nvContent.subarray(0, OLD_HEADER.length), OLD_HEADER) ? OLD_HEADER.length + 2 : 0;
  const element = firstDerElement(nvContent.subarray(start));
  return element?.tag === DER.SEQUENCE ? element.whole : undefined;
}

function readNames(der: Uint8Array): Pick<CertificateContent, 'subject' | 'issuer' | 'notAfter'> | undefined {
  try {
    const certificate = new X509Certificate(der);
    const notAfter = certificate.validToDate;
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      notAfter: notAfter.toISOString(),
    };
  } catch {
    return undefined;
  }
}

/** Node gives one name attribute a line, and nothing at all for an empty name. */
function oneLine(name: string | undefined): string {
  return cleanText((name ?? '').split('\n').join(', '), 500);
}
