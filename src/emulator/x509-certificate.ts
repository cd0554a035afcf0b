/**
 * What DPS tells of an X.509 certificate that it was given (X509CertificateInfo; RFC 5280). The text is untrusted.
 */
import { X509Certificate } from 'node:crypto';
import { formatTimestamp } from './timestamp.ts';

export interface CertificateInfo {
  readonly subjectName: string;
  readonly sha1Thumbprint: string;
  readonly sha256Thumbprint: string;
  readonly issuerName: string;
  readonly notBeforeUtc: string;
  readonly notAfterUtc: string;
  readonly serialNumber: string;
  readonly version: number;
}

/** Undefined where the text is no certificate, as PEM or as the base64 of DER. */
export function readCertificate(text: string): CertificateInfo | undefined {
  try {
    const certificate = new X509Certificate(text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64'));
    return {
      subjectName: oneLine(certificate.subject),
      sha1Thumbprint: certificate.fingerprint.replaceAll(':', ''),
      sha256Thumbprint: certificate.fingerprint256.replaceAll(':', ''),
      issuerName: oneLine(certificate.issuer),
      notBeforeUtc: formatTimestamp(certificate.validFromDate.getTime()),
      notAfterUtc: formatTimestamp(certificate.validToDate.getTime()),
      serialNumber: certificate.serialNumber,
      version: versionOf(certificate.raw),
    };
  } catch {
    return undefined;
  }
}

/** Node gives a name as one line for each relative name; none at all for an empty name. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** TBSCertificate begins with `[0] { INTEGER version }`, and has no such member in version 1. */
function versionOf(der: Buffer): number {
  const tbs = contentAt(der, contentAt(der, 0));
  return der[tbs] === 0xa0 ? (der[contentAt(der, contentAt(der, tbs))] ?? 0) + 1 : 1;
}

/** Where the content of the DER element at `at` begins. */
function contentAt(der: Buffer, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}
