/**
 * The floor's MakeCredential (TPM 2.0 Part 1, clause 24 and annex B.10.4) for an RSA 2048 endorsement key with SHA-256 and
 * AES-128-CFB, with nothing around OpenSSL's own work: what a proof of possession costs off the TPM at the least.
 */
import {
  constants,
  createCipheriv,
  createHmac,
  createPublicKey,
  createSecretKey,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';

const MODULUS_BYTES = 256;
const identity = Buffer.from('IDENTITY\0');
/** RSAPublicKey (RFC 8017, A.1.1) around a modulus of 2,048 bits: Node takes text and KeyObjects over quicker than JWK and bytes. */
const keyHead = Buffer.from('3082010a0282010100', 'hex');
const exponent = Buffer.from('0203010001', 'hex');
const [pemHead, pemEnd] = ['-----BEGIN RSA PUBLIC KEY-----\n', '\n-----END RSA PUBLIC KEY-----\n'];

/** @returns TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET in one piece, with a fresh secret */
export function makeRawCredential(endorsementKey: Buffer, name: Buffer): Buffer {
  const seed = randomBytes(32);
  const der = Buffer.concat([keyHead, endorsementKey.subarray(-MODULUS_BYTES), exponent]);
  const key = createPublicKey(`${pemHead}${der.toString('base64')}${pemEnd}`);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encrypted = publicEncrypt({ key, padding, oaepHash: 'sha256', oaepLabel: identity }, seed);
  const storageKey = kdfa(seed, 'STORAGE', name, 128);
  const cipher = createCipheriv('aes-128-cfb', createSecretKey(storageKey), Buffer.alloc(16));
  const encIdentity = cipher.update(sized(randomBytes(32)));
  const integrityKey = kdfa(seed, 'INTEGRITY', Buffer.alloc(0), 256);
  const integrity = createHmac('sha256', createSecretKey(integrityKey))
    .update(encIdentity)
    .update(name)
    .digest();
  return Buffer.concat([sized(Buffer.concat([sized(integrity), encIdentity])), sized(encrypted)]);
}

function kdfa(seed: Buffer, label: string, context: Buffer, bits: number): Buffer {
  const [counter, size] = [Buffer.from([0, 0, 0, 1]), Buffer.alloc(4)];
  size.writeUInt32BE(bits);
  const parts = [counter, Buffer.from(`${label}\0`), context, size];
  return createHmac('sha256', createSecretKey(seed))
    .update(Buffer.concat(parts))
    .digest()
    .subarray(0, bits / 8);
}

function sized(bytes: Buffer): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
