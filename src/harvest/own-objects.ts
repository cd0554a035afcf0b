/**
 * Rule H1 where no resource manager stands between us and the TPM: which loaded objects and sessions are ours, and their
 * flushing. Ours is what was not loaded before the run and is either a handle that the TPM gave us, an object of a
 * template that runs create from, a policy session that has met no more than an endorsement key's policy, or an HMAC
 * session, which says nothing of itself.
 */
import { sameBytes } from '../tpm/bytes.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { ekPolicies } from '../tpm/ek-policies.ts';
import { recogniseEkTemplate } from '../tpm/ek-templates.ts';
import { TpmError } from '../tpm/errors.ts';
import { getHandles, getLoadedSessions, handleRange } from '../tpm/get-capability.ts';
import { isHelperObject } from '../tpm/helper-object.ts';
import { flushContext, readPublic } from '../tpm/object-commands.ts';
import { isSaltKey } from '../tpm/salt-key.ts';
import { policyGetDigest } from '../tpm/session-commands.ts';
import { parsePublic, TPM_ALG } from '../tpm/structures.ts';

/** Transient objects and sessions. */
export async function listLoadedHandles(channel: TpmChannel): Promise<number[]> {
  return [...(await getHandles(channel, handleRange.transient)), ...(await getLoadedSessions(channel))];
}

/** Throws TpmError, TctiError; then something of ours may be left. */
export async function flushOwnObjects(
  channel: TpmChannel,
  handlesBefore: readonly number[],
  given: ReadonlySet<number> = new Set(),
): Promise<void> {
  const loaded = await listLoadedHandles(channel);
  for (const handle of loaded.filter(candidate => !handlesBefore.includes(candidate))) {
    if (given.has(handle) || (await isOurs(channel, handle))) await flushContext(channel, handle);
  }
}

const POLICY_SESSION_FIRST = 0x03000000;

async function isOurs(channel: TpmChannel, handle: number): Promise<boolean> {
  try {
    if (handle >= handleRange.transient) return await isOfOurTemplates(channel, handle);
    return handle < POLICY_SESSION_FIRST || isOurPolicy(await policyGetDigest(channel, handle));
  } catch (error) {
    if (error instanceof TpmError) return false;
    throw error;
  }
}

async function isOfOurTemplates(channel: TpmChannel, handle: number): Promise<boolean> {
  const tpm2bPublic = await readPublic(channel, handle);
  if (tpm2bPublic === undefined) return false;
  return (
    isHelperObject(tpm2bPublic) ||
    isSaltKey(tpm2bPublic) ||
    recogniseEkTemplate(parsePublic(tpm2bPublic)) === 'L-1'
  );
}

/** Fresh, or with PolicyA met: a run uses keys with that policy only. */
function isOurPolicy(digest: Uint8Array): boolean {
  return digest.every(byte => byte === 0) || sameBytes(digest, ekPolicies(TPM_ALG.SHA256)!.a);
}
