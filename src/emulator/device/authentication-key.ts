/**
 * The `authenticationKey` of a TPM registration (DPS, "TPM attestation concepts"): an HMAC key that only the TPM with this
 * endorsement key and this storage root key can take over. Six TPM2B one after the other: a credential made for the
 * endorsement key, whose secret is the inner key (TPM 2.0 Library Part 1, 24, as TPM2_MakeCredential does it), the HMAC
 * key as a duplicate for the storage root key with inner and outer wrap (Part 1, 23.3), its public area, and data for the
 * client. AES-128 inner wrap, because Microsoft's C, C# and Node clients know no other.
 */
import {
  constants,
  createCipheriv,
  createHash,
  createHmac,
  createPublicKey,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { StorageKey } from '../endorsement-key.ts';
import { kdfa } from './key-derivation.ts';

const TPM_ALG_KEYEDHASH = 0x0008;
const TPM_ALG_SHA256 = 0x000b;
const TPM_ALG_HMAC = 0x0005;
/** userWithAuth, noDA, sign: neither fixedTPM nor fixedParent, so that it can be imported. */
const hmacKeyAttributes = 0x0004_0440;
const noContext = Buffer.alloc(0);
const noIv = Buffer.alloc(16);

/** Names for node:crypto of the hash algorithms that a storage key can be named by. */
const hashes = new Map([
  [0x0004, { name: 'sha1', bits: 160 }],
  [TPM_ALG_SHA256, { name: 'sha256', bits: 256 }],
  [0x000c, { name: 'sha384', bits: 384 }],
  [0x000d, { name: 'sha512', bits: 512 }],
]);

/** Whether something can be wrapped for it here: its name algorithm is known. */
export function isUsable(key: StorageKey): boolean {
  return hashes.has(key.nameAlg);
}

/**
 * @param hmacKey 32 bytes
 * @returns base64; throws RangeError for a key that is not usable
 */
export function wrapAuthenticationKey(
  endorsementKey: StorageKey,
  storageRootKey: StorageKey,
  hmacKey: Buffer,
): string {
  const innerKey = randomBytes(16);
  const credential = makeCredential(endorsementKey, nameOf(storageRootKey), innerKey);
  const seedValue = randomBytes(32);
  const publicArea = hmacPublicArea(createHash('sha256').update(seedValue).update(hmacKey).digest());
  const duplicate = wrapDuplicate(
    storageRootKey,
    sensitiveArea(seedValue, hmacKey),
    nameOfArea(publicArea, TPM_ALG_SHA256),
    innerKey,
  );
  return Buffer.concat([
    ...[tpm2b(credential.idObject), tpm2b(credential.encryptedSecret)],
    ...[tpm2b(duplicate.privateArea), tpm2b(duplicate.encryptedSeed)],
    ...[tpm2b(publicArea), tpm2b(noContext)],
  ]).toString('base64');
}

/** TPMS_ID_OBJECT and the seed, so that only the key's TPM, with the object of that name loaded, gives the secret back. */
function makeCredential(key: StorageKey, objectName: Buffer, secret: Buffer) {
  const hash = hashOf(key);
  const seed = randomBytes(hash.bits / 8);
  const storageKey = kdfa(hash.name, seed, 'STORAGE', objectName, noContext, key.aesBits);
  const encIdentity = encrypted(key.aesBits, storageKey, tpm2b(secret));
  const integrityKey = kdfa(hash.name, seed, 'INTEGRITY', noContext, noContext, hash.bits);
  const integrity = createHmac(hash.name, integrityKey).update(encIdentity).update(objectName).digest();
  return {
    idObject: Buffer.concat([tpm2b(integrity), encIdentity]),
    encryptedSecret: encryptedSeed(key, seed, 'IDENTITY'),
  };
}

/** The sensitive area, first for who has the inner key, then for the new parent. */
function wrapDuplicate(parent: StorageKey, sensitive: Buffer, name: Buffer, innerKey: Buffer) {
  const inner = tpm2b(sensitive);
  const innerIntegrity = createHash('sha256').update(inner).update(name).digest();
  const encSensitive = encrypted(128, innerKey, Buffer.concat([tpm2b(innerIntegrity), inner]));
  const hash = hashOf(parent);
  const seed = randomBytes(hash.bits / 8);
  const storageKey = kdfa(hash.name, seed, 'STORAGE', name, noContext, parent.aesBits);
  const dupSensitive = encrypted(parent.aesBits, storageKey, encSensitive);
  const integrityKey = kdfa(hash.name, seed, 'INTEGRITY', noContext, noContext, hash.bits);
  const outerIntegrity = createHmac(hash.name, integrityKey).update(dupSensitive).update(name).digest();
  return {
    privateArea: Buffer.concat([tpm2b(outerIntegrity), dupSensitive]),
    encryptedSeed: encryptedSeed(parent, seed, 'DUPLICATE'),
  };
}

function sensitiveArea(seedValue: Buffer, hmacKey: Buffer): Buffer {
  return Buffer.concat([uint16(TPM_ALG_KEYEDHASH), tpm2b(noContext), tpm2b(seedValue), tpm2b(hmacKey)]);
}

function hmacPublicArea(unique: Buffer): Buffer {
  const attributes = Buffer.alloc(4);
  attributes.writeUInt32BE(hmacKeyAttributes);
  return Buffer.concat([
    ...[uint16(TPM_ALG_KEYEDHASH), uint16(TPM_ALG_SHA256), attributes, tpm2b(noContext)],
    ...[uint16(TPM_ALG_HMAC), uint16(TPM_ALG_SHA256), tpm2b(unique)],
  ]);
}

function encryptedSeed(key: StorageKey, seed: Buffer, label: string): Buffer {
  const exponent = Buffer.alloc(4);
  exponent.writeUInt32BE(key.exponent);
  const publicKey = createPublicKey({
    format: 'jwk',
    key: { kty: 'RSA', n: key.modulus.toString('base64url'), e: exponent.subarray(1).toString('base64url') },
  });
  return publicEncrypt(
    {
      key: publicKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: hashOf(key).name,
      oaepLabel: Buffer.from(`${label}\0`),
    },
    seed,
  );
}

function encrypted(aesBits: number, key: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(`aes-${aesBits}-cfb`, key, noIv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

function nameOf(key: StorageKey): Buffer {
  return nameOfArea(key.publicArea, key.nameAlg);
}

function nameOfArea(publicArea: Buffer, nameAlg: number): Buffer {
  const digest = createHash(hashes.get(nameAlg)?.name ?? 'sha256')
    .update(publicArea)
    .digest();
  return Buffer.concat([uint16(nameAlg), digest]);
}

function hashOf(key: StorageKey) {
  const hash = hashes.get(key.nameAlg);
  if (hash === undefined) throw new RangeError('the name algorithm is not known');
  return hash;
}

function tpm2b(content: Buffer): Buffer {
  return Buffer.concat([uint16(content.length), content]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
