/**
 * The public key in an X.509 certificate (RFC 5280, 4.1; RFC 8017, A.1; RFC 5480), read from the DER itself: older TPM
 * makers mark an RSA key id-RSAES-OAEP, for which OpenSSL, and so Node, gives no key, while modulus and exponent are the
 * same. Whether a certificate's key is an endorsement key is decided here.
 */
import { sameBytes } from './bytes.ts';
import { DER, type DerElement, derElements, firstDerElement } from './der.ts';
import type { CredentialKey } from './make-credential.ts';
import { TPM_ECC } from './structures.ts';

export type CertificateKey =
  | { readonly type: 'rsa'; readonly modulus: Uint8Array; readonly exponent: number }
  /** @member curve TPM_ECC_CURVE; coordinates as long as the curve's field */
  | { readonly type: 'ecc'; readonly curve: number; readonly x: Uint8Array; readonly y: Uint8Array }
  /** A key of another kind, or one that cannot be read. */
  | { readonly type: 'other' };

/** rsaEncryption and id-RSAES-OAEP, 1.2.840.113549.1.1.1 and .7, as DER content. */
const rsaOids = ['2a864886f70d010101', '2a864886f70d010107'];

/** id-ecPublicKey. */
const EC_OID = '2a8648ce3d0201';
/** Named curves by the hex of their OID: P-256, P-384, P-521. */
const namedCurves: Readonly<Record<string, { readonly curve: number; readonly bytes: number }>> = {
  '2a8648ce3d030107': { curve: TPM_ECC.NIST_P256, bytes: 32 },
  '2b81040022': { curve: TPM_ECC.NIST_P384, bytes: 48 },
  '2b81040023': { curve: TPM_ECC.NIST_P521, bytes: 66 },
};

/** Undefined where the bytes do not have a certificate's structure. */
export function readCertificateKey(der: Uint8Array): CertificateKey | undefined {
  const [tbsCertificate] = sequence(firstDerElement(der)) ?? [];
  const fields = sequence(tbsCertificate);
  if (fields === undefined) return undefined;
  // version [0] is optional; then serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
  const at = fields[0]?.tag === DER.CONTEXT_0 ? 6 : 5;
  const [algorithm, subjectPublicKey] = sequence(fields[at]) ?? [];
  const [oid, parameters] = sequence(algorithm) ?? [];
  if (oid?.tag !== DER.OID || subjectPublicKey?.tag !== DER.BIT_STRING) return undefined;
  const name = hexOf(oid);
  if (name === EC_OID) return eccKey(parameters, subjectPublicKey);
  if (!rsaOids.includes(name)) return { type: 'other' };
  const [modulus, exponent] = sequence(firstDerElement(subjectPublicKey.content.subarray(1))) ?? [];
  const n = positiveInteger(modulus);
  const e = positiveInteger(exponent);
  if (n === undefined || e === undefined || e.length > 4) return { type: 'other' };
  return { type: 'rsa', modulus: n, exponent: e.reduce((sum, byte) => sum * 0x100 + byte, 0) };
}

/** An uncompressed point (SEC 1, 2.3.3) on a named curve. */
function eccKey(parameters: DerElement | undefined, subjectPublicKey: DerElement): CertificateKey {
  const name = parameters?.tag === DER.OID ? hexOf(parameters) : '';
  const named = Object.hasOwn(namedCurves, name) ? namedCurves[name] : undefined;
  const point = subjectPublicKey.content.subarray(1);
  if (named === undefined || point[0] !== 0x04 || point.length !== 1 + 2 * named.bytes) {
    return { type: 'other' };
  }
  const x = point.subarray(1, 1 + named.bytes);
  return { type: 'ecc', curve: named.curve, x, y: point.subarray(1 + named.bytes) };
}

/** What sets the certified key apart from the endorsement key; undefined where they are the same. */
export function keyDifference(certified: CertificateKey, endorsementKey: CredentialKey): string | undefined {
  if (certified.type !== endorsementKey.type) {
    return `the certificate is not for an ${endorsementKey.type === 'rsa' ? 'RSA' : 'ECC'} key`;
  }
  if (certified.type === 'ecc' && endorsementKey.type === 'ecc') {
    if (certified.curve !== endorsementKey.curve) return 'the certificate is for a key on another curve';
    const same = sameNumber(certified.x, endorsementKey.x) && sameNumber(certified.y, endorsementKey.y);
    return same ? undefined : 'the certificate is for another key (other point)';
  }
  if (certified.type !== 'rsa' || endorsementKey.type !== 'rsa') return undefined;
  if (!sameBytes(certified.modulus, endorsementKey.modulus)) {
    return 'the certificate is for another key (other modulus)';
  }
  const exponent = endorsementKey.exponent === 0 ? 65537 : endorsementKey.exponent;
  return certified.exponent === exponent ? undefined : 'the certificate is for another key (other exponent)';
}

/** Leading zeros aside: a TPM may cut them from a coordinate. */
function sameNumber(a: Uint8Array, b: Uint8Array): boolean {
  const cut = (bytes: Uint8Array) => bytes.subarray(bytes.findIndex(byte => byte !== 0));
  return sameBytes(cut(a), cut(b));
}

function hexOf(element: DerElement): string {
  return Buffer.from(element.content).toString('hex');
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
