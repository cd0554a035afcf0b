/** The kind and size of a certificate's public key (RFC 5280, 4.1.2.7; RFC 3279, 2.3; RFC 5480). */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { DerElement } from '../tpm/der.ts';
import {
  elementsOf,
  integerBytes,
  objectIdentifier,
  TAG,
  tagged,
  wholeBits,
  wholeElement,
} from './asn1-values.ts';

export interface SubjectKey {
  readonly kind: 'rsa' | 'ec' | 'other';
  /** RSA: bits of the modulus; EC: of the curve, 0 for a curve that is not accepted; else 0. */
  readonly bits: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** rsaEncryption, and id-RSAES-OAEP with which older TPM makers mark the same key. */
const rsaOids: readonly string[] = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.7'];
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
/** NIST P-256, P-384 and P-521. */
const curveBits: Readonly<Record<string, number>> = {
  '1.2.840.10045.3.1.7': 256,
  '1.3.132.0.34': 384,
  '1.3.132.0.35': 521,
};

export function readSubjectKey(info: DerElement): SubjectKey {
  const what = 'the public key';
  const [algorithm, key] = elementsOf(info, what);
  const [oidElement, parameters] = elementsOf(tagged(algorithm, TAG.SEQUENCE, what), what);
  const oid = objectIdentifier(oidElement, what);
  const bytes = wholeBits(key, what);
  const spki = info.whole;
  if (rsaOids.includes(oid)) {
    const [modulus] = elementsOf(wholeElement(bytes, TAG.SEQUENCE, what), what);
    return { kind: 'rsa', bits: bitLength(integerBytes(modulus, what)), spki };
  }
  if (oid === EC_PUBLIC_KEY) {
    const curve = parameters?.tag === TAG.OID ? objectIdentifier(parameters, what) : '';
    return { kind: 'ec', bits: Object.hasOwn(curveBits, curve) ? curveBits[curve]! : 0, spki };
  }
  return { kind: 'other', bits: 0, spki };
}

/** For checking signatures; undefined where OpenSSL has no key for it. */
export function openKey(key: SubjectKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Of a positive number; 0 for a negative one. */
function bitLength(bytes: Uint8Array): number {
  if (bytes[0]! >= 0x80) return 0;
  const significant = bytes[0] === 0 ? bytes.subarray(1) : bytes;
  return significant.length === 0 ? 0 : significant.length * 8 - (Math.clz32(significant[0]!) - 24);
}
