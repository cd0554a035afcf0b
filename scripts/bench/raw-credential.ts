/**
 * The floor's MakeCredential (TPM 2.0 Part 1, clause 24 and annex B.10.4) for an RSA 2048 endorsement key with SHA-256 and
 * AES-128-CFB, with nothing around OpenSSL's own work: what a proof of possession costs off the TPM at the least.
 */
import {
  constants,
  createCipheriv,
  createHmac,
  createPublicKey,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';

const MODULUS_BYTES = 256;
const identity = Buffer.from('IDENTITY\0');

/** @returns TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET in one piece, with a fresh secret */
export function makeRawCredential(endorsementKey: Buffer, name: Buffer): Buffer {
  const seed = randomBytes(32);
  const n = endorsementKey.subarray(-MODULUS_BYTES).toString('base64url');
  const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encrypted = publicEncrypt({ key, padding, oaepHash: 'sha256', oaepLabel: identity }, seed);
  const storageKey = kdfa(seed, 'STORAGE', name, 128);
  const cipher = createCipheriv('aes-128-cfb', storageKey, Buffer.alloc(16));
  const encIdentity = cipher.update(sized(randomBytes(32)));
  const integrityKey = kdfa(seed, 'INTEGRITY', Buffer.alloc(0), 256);
  const integrity = createHmac('sha256', integrityKey).update(encIdentity).update(name).digest();
  return Buffer.concat([sized(Buffer.concat([sized(integrity), encIdentity])), sized(encrypted)]);
}

function kdfa(seed: Buffer, label: string, context: Buffer, bits: number): Buffer {
  const [counter, size] = [Buffer.from([0, 0, 0, 1]), Buffer.alloc(4)];
  size.writeUInt32BE(bits);
  const parts = [counter, Buffer.from(`${label}\0`), context, size];
  return createHmac('sha256', seed)
    .update(Buffer.concat(parts))
    .digest()
    .subarray(0, bits / 8);
}

function sized(bytes: Buffer): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
