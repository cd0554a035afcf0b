/**
 * The EK certificate as it lies in NV (TCG EK Credential Profile, 2.2.1.4; X.509): DER, often filled up with 00 or FF,
 * in old TPMs behind a header `10 01 00` with a 2-byte length. Judged here is one thing: whether its public key is the
 * endorsement key (rule H8, first half). Who issued it is not judged: a fitting certificate is `unchecked`.
 * The bytes are untrusted; whatever they are, the answer is one of the statuses.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { sameBytes } from './bytes.ts';
import { type CertificateKey, readCertificateKey } from './certificate-key.ts';
import { cleanText } from './clean-text.ts';
import { DER, firstDerElement } from './der.ts';
import type { RsaPublicArea } from './structures.ts';

export interface ReadableCertificate {
  readonly status: 'unchecked' | 'mismatch';
  /** DER without padding, base64. */
  readonly der: string;
  /** Of the DER, hex. */
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  /** RFC 3339. */
  readonly notAfter: string;
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
  endorsementKey: RsaPublicArea,
): ReadableCertificate | UnreadableCertificate {
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
  const readable = {
    der: Buffer.from(der).toString('base64'),
    sha256: createHash('sha256').update(der).digest('hex'),
    ...names,
  };
  const difference = differenceOf(key, endorsementKey);
  return difference === undefined
    ? { status: 'unchecked', ...readable }
    : { status: 'mismatch', ...readable, detail: difference };
}

/** The certificate's bytes without header and padding. */
export function findDer(nvContent: Uint8Array): Uint8Array | undefined {
  const start = sameBytes(nvContent.subarray(0, OLD_HEADER.length), OLD_HEADER) ? OLD_HEADER.length + 2 : 0;
  const element = firstDerElement(nvContent.subarray(start));
  return element?.tag === DER.SEQUENCE ? element.whole : undefined;
}

function readNames(
  der: Uint8Array,
): Pick<ReadableCertificate, 'subject' | 'issuer' | 'notAfter'> | undefined {
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

function differenceOf(certified: CertificateKey, endorsementKey: RsaPublicArea): string | undefined {
  if (certified.type !== 'rsa') return 'the certificate is not for an RSA key';
  if (!sameBytes(certified.modulus, endorsementKey.modulus)) {
    return 'the certificate is for another key (other modulus)';
  }
  const exponent = endorsementKey.exponent === 0 ? 65537 : endorsementKey.exponent;
  return certified.exponent === exponent ? undefined : 'the certificate is for another key (other exponent)';
}
