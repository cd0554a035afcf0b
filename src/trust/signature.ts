/** Signatures on certificates and revocation lists: which algorithms are taken (RFC 4055, RFC 5758), and whether one holds. */
import { type KeyObject, verify } from 'node:crypto';

/** A certificate or a revocation list, as far as its signature goes. */
export interface Signed {
  /** The bytes that the signature is over. */
  readonly signedBytes: Uint8Array;
  /** OID of the algorithm. */
  readonly signatureAlgorithm: string;
  /** Whether the algorithm that was signed is the one that stands beside the signature (RFC 5280, 4.1.1.2, 5.1.1.2). */
  readonly algorithmsAgree: boolean;
  readonly signature: Uint8Array;
}

interface SignatureAlgorithm {
  readonly name: string;
  readonly hash: string;
  readonly key: 'rsa' | 'ec';
  /** Collisions can be made: such a signature proves nothing. */
  readonly weak: boolean;
}

const algorithm = (
  key: 'rsa' | 'ec',
  hash: string,
  name: string,
  strength: 'strong' | 'weak',
): SignatureAlgorithm => ({ name, hash, key, weak: strength === 'weak' });

const algorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ['1.2.840.113549.1.1.2', algorithm('rsa', 'md2', 'md2WithRSAEncryption', 'weak')],
  ['1.2.840.113549.1.1.4', algorithm('rsa', 'md5', 'md5WithRSAEncryption', 'weak')],
  ['1.2.840.113549.1.1.5', algorithm('rsa', 'sha1', 'sha1WithRSAEncryption', 'weak')],
  ['1.3.14.3.2.29', algorithm('rsa', 'sha1', 'sha1WithRSASignature', 'weak')],
  ['1.2.840.10045.4.1', algorithm('ec', 'sha1', 'ecdsa-with-SHA1', 'weak')],
  ['1.2.840.113549.1.1.11', algorithm('rsa', 'sha256', 'sha256WithRSAEncryption', 'strong')],
  ['1.2.840.113549.1.1.12', algorithm('rsa', 'sha384', 'sha384WithRSAEncryption', 'strong')],
  ['1.2.840.113549.1.1.13', algorithm('rsa', 'sha512', 'sha512WithRSAEncryption', 'strong')],
  ['1.2.840.10045.4.3.2', algorithm('ec', 'sha256', 'ecdsa-with-SHA256', 'strong')],
  ['1.2.840.10045.4.3.3', algorithm('ec', 'sha384', 'ecdsa-with-SHA384', 'strong')],
  ['1.2.840.10045.4.3.4', algorithm('ec', 'sha512', 'ecdsa-with-SHA512', 'strong')],
]);

export function signatureAlgorithmOf(signed: Signed): SignatureAlgorithm | undefined {
  return algorithms.get(signed.signatureAlgorithm);
}

/** Whether the key made the signature, whatever the strength of the algorithm. */
export function signedBy(signed: Signed, key: KeyObject | undefined): boolean {
  const used = signatureAlgorithmOf(signed);
  if (used === undefined || key?.asymmetricKeyType !== used.key || !signed.algorithmsAgree) return false;
  try {
    return verify(used.hash, signed.signedBytes, key, signed.signature);
  } catch {
    // OpenSSL has no such digest, or the signature is not of a form that it could check.
    return false;
  }
}
