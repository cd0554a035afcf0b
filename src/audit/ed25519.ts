/** Ed25519 keys (RFC 8032) as raw 32 bytes, in and out of node:crypto's key objects (RFC 8410 encodings). */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export const rawKeyLength = 32;
/** What comes before the raw key in DER: PKCS #8 and SubjectPublicKeyInfo with the Ed25519 OID 1.3.101.112. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export function privateKeyFromSeed(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
}

export function publicKeyFromRaw(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });
}

export function rawPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length);
}
