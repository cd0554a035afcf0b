/**
 * One command authorized by an HMAC session (TPM 2.0 Part 1, 19.6; Part 3, 11.1): salted, unbound, SHA-256. What goes to
 * the TPM shows that the password is known and does not hold it; what comes back must show the same. The first parameter
 * is encrypted by AES-CFB where the TPM can (Part 1, 21). The session ends with the command. What the TPM answers is
 * untrusted until `open` has verified it.
 */
import { createCipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ByteReader, sized, u16, u32 } from './bytes.ts';
import { execute, type SealedCommand, type Sealing, type TpmChannel } from './command.ts';
import { TPM_CC } from './command-codes.ts';
import { TpmError } from './errors.ts';
import type { HierarchyPassword } from './hierarchy-password.ts';
import { kdfa } from './key-derivation.ts';
import { type CredentialKey, shareSeed } from './make-credential.ts';
import { nameHash } from './object-name.ts';
import { TPM_RH } from './permanent-handles.ts';
import { TPM_ALG } from './structures.ts';

const TPM_SE_HMAC = 0x00;
/** TPMA_SESSION: the first parameter of the command is encrypted. `continueSession` stays clear. */
const DECRYPT = 0x20;
const AES_BITS = 128;
const IV_BITS = 128;

const hash = nameHash(TPM_ALG.SHA256)!;

/** A key that the TPM holds and can decrypt a salt with. */
export interface SaltKey {
  readonly handle: number;
  readonly area: CredentialKey;
}

export interface HmacSessionOptions {
  readonly saltKey: SaltKey;
  readonly password: HierarchyPassword;
  /** Whether the TPM has AES and CFB. */
  readonly encrypts: boolean;
  /** A replayed transcript cannot answer a nonce of today: false there, and true everywhere else. */
  readonly verifies: boolean;
}

/**
 * Starts a session for one command.
 * @param loaded is told the handle before the rest of the answer is read
 * Throws TpmError, TctiError.
 */
export async function startHmacSession(
  channel: TpmChannel,
  options: HmacSessionOptions,
  loaded: (handle: number) => void,
): Promise<HmacSession> {
  const { saltKey, encrypts } = options;
  const salt = shareSeed(saltKey.area, 'SECRET');
  const nonceCaller = randomBytes(hash.bytes);
  const { handles, parameters } = await execute(channel, {
    name: 'StartAuthSession',
    code: TPM_CC.StartAuthSession,
    handles: [saltKey.handle, TPM_RH.NULL],
    parameters: [
      sized(nonceCaller),
      sized(salt.encrypted),
      Uint8Array.of(TPM_SE_HMAC),
      ...(encrypts ? [u16(TPM_ALG.AES), u16(AES_BITS), u16(TPM_ALG.CFB)] : [u16(TPM_ALG.NULL)]),
      u16(TPM_ALG.SHA256),
    ],
    responseHandles: 1,
    loaded,
  });
  const nonceTpm = Buffer.from(parameters.sized());
  parameters.end();
  if (nonceTpm.length < 16) throw new TpmError('answer-malformed', 'the nonce of the TPM is too short');
  const sessionKey = kdfa(hash, salt.seed, 'ATH', { u: nonceTpm, v: nonceCaller }, hash.bytes * 8);
  return new HmacSession(handles[0]!, sessionKey, nonceTpm, options);
}

export class HmacSession implements Sealing {
  readonly handle: number;
  readonly #sessionKey: Buffer;
  readonly #nonceTpm: Uint8Array;
  readonly #options: HmacSessionOptions;

  constructor(handle: number, sessionKey: Buffer, nonceTpm: Uint8Array, options: HmacSessionOptions) {
    this.handle = handle;
    this.#sessionKey = sessionKey;
    this.#nonceTpm = nonceTpm;
    this.#options = options;
  }

  /** Permanent handles and sessions only: their Names are the handles themselves (Part 1, 16). */
  seal(code: number, handles: readonly number[], parameters: Uint8Array): SealedCommand {
    const nonceCaller = randomBytes(hash.bytes);
    const attributes = this.#options.encrypts ? DECRYPT : 0;
    const sent = this.#options.encrypts ? this.#encryptFirst(parameters, nonceCaller) : parameters;
    const cpHash = digest(u32(code), ...handles.map(u32), sent);
    const hmac = this.#hmac(cpHash, nonceCaller, this.#nonceTpm, attributes);
    return {
      authorization: Buffer.concat([
        u32(this.handle),
        sized(nonceCaller),
        Uint8Array.of(attributes),
        sized(hmac),
      ]),
      parameters: sent,
      open: (answered, nonceTpm, responseAttributes, acknowledgement) => {
        if (!this.#options.verifies) return;
        const rpHash = digest(u32(0), u32(code), answered);
        const expected = this.#hmac(rpHash, nonceTpm, nonceCaller, responseAttributes);
        if (acknowledgement.length !== expected.length || !timingSafeEqual(acknowledgement, expected))
          throw new TpmError(
            'answer-forged',
            'the answer does not show the password: it was not made by the TPM that the command was for, or was changed on the way',
          );
      },
    };
  }

  /** To be called when the command was answered, whatever the answer. */
  wipe(): void {
    this.#sessionKey.fill(0);
  }

  /** Part 1, 19.6. */
  #hmac(pHash: Uint8Array, nonceNewer: Uint8Array, nonceOlder: Uint8Array, attributes: number): Buffer {
    return this.#withKey(key =>
      createHmac(hash.hash, key)
        .update(pHash)
        .update(nonceNewer)
        .update(nonceOlder)
        .update(Uint8Array.of(attributes))
        .digest(),
    );
  }

  /** The content of a TPM2B, its size left in the clear (Part 1, 21). */
  #encryptFirst(parameters: Uint8Array, nonceCaller: Uint8Array): Uint8Array {
    const plain = new ByteReader(parameters, 'the first parameter').sized();
    const derived = this.#withKey(key =>
      kdfa(hash, key, 'CFB', { u: nonceCaller, v: this.#nonceTpm }, AES_BITS + IV_BITS),
    );
    const [key, iv] = [derived.subarray(0, AES_BITS / 8), derived.subarray(AES_BITS / 8)];
    const cipher = createCipheriv(`aes-${AES_BITS}-cfb`, key, iv);
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
    derived.fill(0);
    return Buffer.concat([sized(encrypted), parameters.subarray(2 + plain.length)]);
  }

  #withKey<T>(use: (key: Buffer) => T): T {
    const key = this.#options.password.keyAfter(this.#sessionKey);
    if (key === undefined) throw new TpmError('password-set', 'the password is no longer at hand');
    try {
      return use(key);
    } finally {
      key.fill(0);
    }
  }
}

function digest(...parts: Uint8Array[]): Buffer {
  return createHash(hash.hash).update(Buffer.concat(parts)).digest();
}
