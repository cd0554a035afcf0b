/**
 * TPM2_MakeCredential without a TPM (Part 1, clauses 11.4.10 and 24; annexes B.10.4, C.6.1): a secret that only the TPM
 * with the endorsement key gives away, and only while it holds an object of the given Name. For RSA endorsement keys and
 * for those on P-256, P-384 and P-521. The key's public area is the DUT's word: a key that no credential can be made
 * for (a point off its curve, a modulus that is none) is a TpmError `answer-malformed`.
 */
import {
  constants,
  createCipheriv,
  createECDH,
  createHmac,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { sized, u32 } from './bytes.ts';
import { derPositiveInteger, derSequence } from './der.ts';
import { TpmError } from './errors.ts';
import { kdfa, kdfe, zeroEnded } from './key-derivation.ts';
import type { Credential } from './object-commands.ts';
import { type NameHash, nameHash } from './object-name.ts';
import { type EccPublicArea, type RsaPublicArea, TPM_ALG, TPM_ECC } from './structures.ts';

export type CredentialKey = RsaPublicArea | EccPublicArea;

/**
 * @param key the endorsement key, a restricted decryption key with an AES-CFB symmetric
 * @param name of the object that must be loaded where the secret is given away
 * @param secret at most as long as a digest of the key's nameAlg
 */
export function makeCredential(key: CredentialKey, name: Uint8Array, secret: Uint8Array): Credential {
  return wrapSecret(shareSeed(key, 'IDENTITY'), name, secret);
}

/** What a seed is for: a credential (Part 1, 24), or the salt of a session (Part 1, 19.6). */
export type SeedUse = 'IDENTITY' | 'SECRET';

/** The half that takes most of the time and needs no Name yet. @param key as for `makeCredential` */
export function shareSeed(key: CredentialKey, use: SeedUse): SharedSeed {
  const hash = nameHash(key.nameAlg);
  if (hash === undefined) throw unusable('its name algorithm is not one that Keyline knows');
  if (key.symmetric.algorithm !== TPM_ALG.AES || key.symmetric.mode !== TPM_ALG.CFB) {
    throw unusable('it protects by another cipher than AES-CFB');
  }
  const { keyBits } = key.symmetric;
  if (![128, 192, 256].includes(keyBits)) throw unusable('AES has no keys of its size');
  const protectedSeed = key.type === 'rsa' ? seedForRsa(key, hash, use) : seedForEcc(key, hash, use);
  return { ...protectedSeed, hash, keyBits };
}

/**
 * The other half. Keys go to Node as KeyObjects: bytes it first tries as each kind of key object, at the price of an exception.
 * @param shared for one credential only
 */
export function wrapSecret(shared: SharedSeed, name: Uint8Array, secret: Uint8Array): Credential {
  const { seed, hash, keyBits } = shared;
  const storageKey = kdfa(hash, seed, 'STORAGE', { u: name }, keyBits);
  const cipher = createCipheriv(`aes-${keyBits}-cfb`, createSecretKey(storageKey), Buffer.alloc(16));
  const encIdentity = Buffer.concat([cipher.update(sized(secret)), cipher.final()]);
  const integrityKey = kdfa(hash, seed, 'INTEGRITY', {}, hash.bytes * 8);
  const integrity = createHmac(hash.hash, createSecretKey(integrityKey))
    .update(encIdentity)
    .update(name)
    .digest();
  return {
    credentialBlob: sized(Buffer.concat([sized(integrity), encIdentity])),
    secret: sized(shared.encrypted),
  };
}

interface ProtectedSeed {
  readonly seed: Uint8Array;
  /** The content of TPM2B_ENCRYPTED_SECRET. */
  readonly encrypted: Uint8Array;
}

/** A seed that the key's TPM can find out, and how it is used. */
export interface SharedSeed extends ProtectedSeed {
  /** The key's nameAlg. */
  readonly hash: NameHash;
  /** Of the key's AES-CFB. */
  readonly keyBits: number;
}

/** Part 1, B.10.4. */
function seedForRsa(key: RsaPublicArea, hash: NameHash, use: SeedUse): ProtectedSeed {
  const seed = randomBytes(hash.bytes);
  const exponent = u32(key.exponent === 0 ? 65_537 : key.exponent);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encrypted = orUnusable(() =>
    publicEncrypt(
      { key: rsaPublicKey(key.modulus, exponent), padding, oaepHash: hash.hash, oaepLabel: zeroEnded(use) },
      seed,
    ),
  );
  return { seed, encrypted };
}

const curves: Readonly<
  Record<number, { readonly name: string; readonly jwk: string; readonly bytes: number }>
> = {
  [TPM_ECC.NIST_P256]: { name: 'prime256v1', jwk: 'P-256', bytes: 32 },
  [TPM_ECC.NIST_P384]: { name: 'secp384r1', jwk: 'P-384', bytes: 48 },
  [TPM_ECC.NIST_P521]: { name: 'secp521r1', jwk: 'P-521', bytes: 66 },
};

/** Part 1, C.6.1: one-pass Diffie-Hellman with an ephemeral key. Coordinates are as long as the curve's field. */
function seedForEcc(key: EccPublicArea, hash: NameHash, use: SeedUse): ProtectedSeed {
  const curve = Object.hasOwn(curves, key.curve) ? curves[key.curve] : undefined;
  if (curve === undefined) throw unusable('its curve is not one that Keyline knows');
  const { bytes } = curve;
  const [x, y] = [padded(key.x, bytes), padded(key.y, bytes)];
  const ephemeral = createECDH(curve.name);
  const point = ephemeral.generateKeys();
  const z = orUnusable(() => ephemeral.computeSecret(Buffer.concat([Uint8Array.of(4), x, y])));
  const [ephemeralX, ephemeralY] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)];
  const seed = kdfe(hash, padded(z, bytes), use, ephemeralX, x);
  return { seed, encrypted: Buffer.concat([sized(ephemeralX), sized(ephemeralY)]) };
}

/** RFC 8017, A.1.1, as text: of all forms of a key the one that Node takes over quickest. */
function rsaPublicKey(modulus: Uint8Array, exponent: Uint8Array): KeyObject {
  const der = Buffer.from(derSequence([derPositiveInteger(modulus), derPositiveInteger(exponent)]));
  return createPublicKey(
    `-----BEGIN RSA PUBLIC KEY-----\n${der.toString('base64')}\n-----END RSA PUBLIC KEY-----\n`,
  );
}

function padded(number: Uint8Array, bytes: number): Uint8Array {
  if (number.length > bytes) throw unusable('a coordinate is longer than its field');
  return Buffer.concat([Buffer.alloc(bytes - number.length), number]);
}

/** OpenSSL's refusal of a key is a fault of the key. */
function orUnusable<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw unusable('OpenSSL does not take it', cause);
  }
}

function unusable(why: string, cause?: unknown): TpmError {
  return new TpmError('answer-malformed', `no credential can be made for the endorsement key: ${why}`, {
    cause,
  });
}
