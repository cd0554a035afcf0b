/**
 * The RSA public key in an X.509 certificate (RFC 5280, 4.1; RFC 8017, A.1), read from the DER itself: older TPM
 * makers mark it id-RSAES-OAEP, for which OpenSSL, and so Node, gives no key, while modulus and exponent are the same.
 */
import { DER, type DerElement, derElements, firstDerElement } from './der.ts';

export type CertificateKey =
  | { readonly type: 'rsa'; readonly modulus: Uint8Array; readonly exponent: number }
  /** A key of another kind, or one that cannot be read as RSA. */
  | { readonly type: 'other' };

/** rsaEncryption and id-RSAES-OAEP, 1.2.840.113549.1.1.1 and .7, as DER content. */
const rsaOids = ['2a864886f70d010101', '2a864886f70d010107'];

/** Undefined where the bytes do not have a certificate's structure. */
export function readCertificateKey(der: Uint8Array): CertificateKey | undefined {
  const [tbsCertificate] = sequence(firstDerElement(der)) ?? [];
  const fields = sequence(tbsCertificate);
  if (fields === undefined) return undefined;
  // version [0] is optional; then serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
  const at = fields[0]?.tag === DER.CONTEXT_0 ? 6 : 5;
  const [algorithm, subjectPublicKey] = sequence(fields[at]) ?? [];
  const oid = sequence(algorithm)?.[0];
  if (oid?.tag !== DER.OID || subjectPublicKey?.tag !== DER.BIT_STRING) return undefined;
  if (!rsaOids.includes(Buffer.from(oid.content).toString('hex'))) return { type: 'other' };
  const [modulus, exponent] = sequence(firstDerElement(subjectPublicKey.content.subarray(1))) ?? [];
  const n = positiveInteger(modulus);
  const e = positiveInteger(exponent);
  if (n === undefined || e === undefined || e.length > 4) return { type: 'other' };
  return { type: 'rsa', modulus: n, exponent: e.reduce((sum, byte) => sum * 0x100 + byte, 0) };
}

function sequence(element: DerElement | undefined): DerElement[] | undefined {
  return element?.tag === DER.SEQUENCE ? derElements(element.content) : undefined;
}

/** Big-endian without the sign byte. */
function positiveInteger(element: DerElement | undefined): Uint8Array | undefined {
  if (element?.tag !== DER.INTEGER || element.content.length === 0 || element.content[0]! >= 0x80) {
    return undefined;
  }
  return element.content[0] === 0 ? element.content.subarray(1) : element.content;
}
