/**
 * Rule H7: proves that what answers on the bridge holds the private half of an endorsement key. A fresh secret is
 * wrapped for the key off the TPM (`make-credential.ts`), bound to a helper object, and must come back from
 * ActivateCredential. So a copied public key, a copied certificate or a recorded answer proves nothing. What it says is
 * *which TPM* answered, not which board that TPM sits on: a relay to another device's TPM proves that device's key.
 *
 * Rule H1: the key is used by a policy session alone, never by a password, and the helper object counts no failed tries.
 * What is loaded is the caller's to flush when this throws.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { TpmChannel } from '../tpm/command.ts';
import { ekPolicies, ekPolicyOf } from '../tpm/ek-policies.ts';
import { TpmError } from '../tpm/errors.ts';
import { checkHelperObject, HELPER_TEMPLATE } from '../tpm/helper-object.ts';
import { type CredentialKey, shareSeed, wrapSecret } from '../tpm/make-credential.ts';
import { activateCredential, createPrimary } from '../tpm/object-commands.ts';
import { nameOf } from '../tpm/object-name.ts';
import { TPM_RH } from '../tpm/permanent-handles.ts';
import { policyOr, policySecretEndorsement, startPolicySession } from '../tpm/session-commands.ts';
import type { EndorsementAuthorization } from './endorsement-authorization.ts';
import type { LoadedObjects } from './loaded-objects.ts';
import { meanwhile } from './meanwhile.ts';

export type Proof = { readonly proved: true } | { readonly proved: false; readonly detail: string };

const SECRET_BYTES = 32;

/**
 * @param key.handle persistent or loaded
 * @param key.area as it was read: of a template's policy A or B
 * @param whileTpmComputes is done in the longest of the TPM's commands; the proof does not depend on it
 * Throws TpmError, TctiError for what hinders the proof without speaking against the key: a password on the hierarchy,
 * a TPM without room, a broken line.
 */
export async function provePossession(
  channel: TpmChannel,
  key: { readonly handle: number; readonly area: CredentialKey },
  loaded: LoadedObjects,
  endorsement: EndorsementAuthorization,
  whileTpmComputes: () => unknown,
): Promise<Proof> {
  await loaded.prepare();
  const [helper, shared] = await meanwhile(
    createPrimary(channel, TPM_RH.NULL, HELPER_TEMPLATE, loaded.add),
    () => shareSeed(key.area, 'IDENTITY'),
  );
  checkHelperObject(helper.tpm2bPublic);
  const session = await startPolicySession(channel, key.area.nameAlg, loaded.add);
  await endorsement.authorize(key, authorization => policySecretEndorsement(channel, session, authorization));
  await meetOr(channel, session, key.area);
  const secret = randomBytes(SECRET_BYTES);
  const credential = wrapSecret(shared, nameOf(helper.tpm2bPublic)!, secret);
  let answered: Uint8Array;
  try {
    const activated = activateCredential(channel, helper.handle, key.handle, session, credential);
    [answered] = await meanwhile(activated, whileTpmComputes);
  } catch (error) {
    if (!speaksAgainstKey(error)) throw error;
    // libtpms answers FAILURE where the key does not open the credential. A TPM in failure mode flushes nothing either.
    await loaded.flush(helper.handle);
    return { proved: false, detail: error.message };
  }
  loaded.forget(session);
  await loaded.flush(helper.handle);
  if (answered.length === secret.length && timingSafeEqual(answered, secret)) return { proved: true };
  return { proved: false, detail: 'the TPM gave back another secret than the one made for this key' };
}

/** What policy B asks for besides policy A. */
async function meetOr(channel: TpmChannel, session: number, key: CredentialKey): Promise<void> {
  if (ekPolicyOf(key) !== 'B') return;
  const { a, c } = ekPolicies(key.nameAlg)!;
  await policyOr(channel, session, [a, c]);
}

/**
 * A refusal about the credential (it was made for another key), the key's handle (nothing is there, or no such key) or
 * its policy (the key there has another one than the key that was shown).
 */
function speaksAgainstKey(error: unknown): error is TpmError {
  if (!(error instanceof TpmError) || error.responseCode === undefined || error.code === 'locked-out') {
    return false;
  }
  const { about, name } = error.responseCode;
  return (
    about?.part === 'parameter' ||
    (about?.part === 'handle' && about.number === 2) ||
    (about?.part === 'session' && about.number === 2) ||
    name === 'REFERENCE_H1' ||
    name === 'FAILURE'
  );
}
