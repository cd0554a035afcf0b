/**
 * The authorization of the endorsement hierarchy: by the empty password, or, where the TPM has a password set and a
 * supervisor gave it, by an HMAC session for each command. A password that a TPM refused is wiped, so that nobody sends it
 * twice; a TPM in lockout is sent none. Without a password, or where none is set, a run sends what it always did.
 */
import type { Authorization, TpmChannel } from '../tpm/command.ts';
import { TpmError } from '../tpm/errors.ts';
import { getAlgorithms, getProperties } from '../tpm/get-capability.ts';
import type { HierarchyPassword } from '../tpm/hierarchy-password.ts';
import { type HmacSession, type SaltKey, startHmacSession } from '../tpm/hmac-session.ts';
import { createPrimary } from '../tpm/object-commands.ts';
import { TPM_RH } from '../tpm/permanent-handles.ts';
import { SALT_KEY_TEMPLATE, saltKeyArea } from '../tpm/salt-key.ts';
import { TPM_ALG } from '../tpm/structures.ts';
import { TPM_PT } from '../tpm/tpm-identity.ts';
import type { LoadedObjects } from './loaded-objects.ts';

/** What became of a password that was given: a TPM took it, or refused it. */
export type PasswordUse = 'taken' | 'refused';

export interface EndorsementPassword {
  readonly password: HierarchyPassword;
  /** False where a transcript is replayed, in which every answer is to a nonce of then. */
  readonly verifies: boolean;
  readonly used: (use: PasswordUse) => void;
}

/** Of an HMAC session at this TPM, or that it has no password. */
type Needs = { readonly encrypts: boolean } | 'no password';

export class EndorsementAuthorization {
  readonly #channel: TpmChannel;
  readonly #loaded: LoadedObjects;
  readonly #given: EndorsementPassword | undefined;
  /** Once the TPM was asked. */
  #needs: Needs | undefined;

  constructor(channel: TpmChannel, loaded: LoadedObjects, given: EndorsementPassword | undefined) {
    this.#channel = channel;
    this.#loaded = loaded;
    this.#given = given;
  }

  /**
   * Sends one command of the endorsement hierarchy. @param saltKey an endorsement key that the TPM holds, where there is
   * one; else a key is made for it in the null hierarchy. Throws TpmError (`password-set` without the right password,
   * `password-refused`, `answer-forged`), TctiError.
   */
  async authorize<T>(
    saltKey: SaltKey | undefined,
    send: (authorization: Authorization) => Promise<T>,
  ): Promise<T> {
    if (this.#given === undefined) return send('empty-password');
    this.#needs ??= await this.#whatIsNeeded();
    if (this.#needs === 'no password') return send('empty-password');
    if (!this.#given.password.usable)
      throw new TpmError('password-set', 'the password given was refused or is no longer at hand');
    await this.#loaded.prepare();
    const session = await this.#startSession(saltKey, this.#given, this.#needs.encrypts);
    try {
      return await this.#sendOnce(session, this.#given, send);
    } finally {
      session.wipe();
    }
  }

  /** Bits of TPMA_PERMANENT (Part 2, 8.6): endorsementAuthSet and inLockout. */
  async #whatIsNeeded(): Promise<Needs> {
    const permanent = (await getProperties(this.#channel, TPM_PT.PERMANENT)).get(TPM_PT.PERMANENT) ?? 0;
    if (((permanent >>> 1) & 1) === 0) return 'no password';
    if (((permanent >>> 9) & 1) === 1)
      throw new TpmError('locked-out', 'the TPM is in lockout: no password is sent to it');
    const algorithms = await getAlgorithms(this.#channel);
    return { encrypts: algorithms.has(TPM_ALG.AES) && algorithms.has(TPM_ALG.CFB) };
  }

  async #startSession(
    saltKey: SaltKey | undefined,
    { password, verifies }: EndorsementPassword,
    encrypts: boolean,
  ): Promise<HmacSession> {
    const start = (key: SaltKey) =>
      startHmacSession(this.#channel, { saltKey: key, password, encrypts, verifies }, this.#loaded.add);
    if (saltKey !== undefined) return start(saltKey);
    const made = await createPrimary(this.#channel, TPM_RH.NULL, SALT_KEY_TEMPLATE, this.#loaded.add);
    const session = await start({ handle: made.handle, area: saltKeyArea(made.tpm2bPublic) });
    // A TPM need not hold more than three objects at once, and the session has what it needs of this one.
    await this.#loaded.flush(made.handle);
    return session;
  }

  async #sendOnce<T>(
    session: HmacSession,
    { password, used }: EndorsementPassword,
    send: (authorization: Authorization) => Promise<T>,
  ): Promise<T> {
    try {
      const answer = await send({ hmacSession: session });
      this.#loaded.forget(session.handle);
      used('taken');
      return answer;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      password.wipe();
      used('refused');
      const { responseCode } = error;
      throw new TpmError('password-refused', error.message, {
        cause: error,
        ...(responseCode && { responseCode }),
      });
    }
  }
}

/** BAD_AUTH where the hierarchy does not count failed tries, AUTH_FAIL and LOCKOUT where something does. */
function isRefusal(error: unknown): error is TpmError {
  return (
    error instanceof TpmError && ['BAD_AUTH', 'AUTH_FAIL', 'LOCKOUT'].includes(error.responseCode?.name ?? '')
  );
}
