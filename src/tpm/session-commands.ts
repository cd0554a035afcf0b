/**
 * Policy sessions by which an endorsement key is used: TPM2_StartAuthSession, TPM2_PolicySecret, TPM2_PolicyOR,
 * TPM2_PolicyGetDigest (Part 3, 11.1, 23.4, 23.6, 23.19). Unbound and unsalted: nothing secret goes through them.
 */
import { randomBytes } from 'node:crypto';
import { sized, u16, u32 } from './bytes.ts';
import { type Authorization, execute, type TpmChannel } from './command.ts';
import { TPM_CC } from './command-codes.ts';
import { TPM_RH } from './permanent-handles.ts';
import { TPM_ALG } from './structures.ts';

const TPM_SE_POLICY = 0x01;
/** The shortest that every TPM takes (Part 1, 17.6.3). */
const NONCE_BYTES = 16;

const empty = sized(new Uint8Array());

/**
 * @param authHash the nameAlg of the key whose policy is to be met
 * @param loaded is told the handle before the rest of the answer is read
 */
export async function startPolicySession(
  channel: TpmChannel,
  authHash: number,
  loaded: (handle: number) => void,
): Promise<number> {
  const { handles, parameters } = await execute(channel, {
    name: 'StartAuthSession',
    code: TPM_CC.StartAuthSession,
    handles: [TPM_RH.NULL, TPM_RH.NULL],
    parameters: [
      sized(randomBytes(NONCE_BYTES)),
      empty,
      Uint8Array.of(TPM_SE_POLICY),
      u16(TPM_ALG.NULL),
      u16(authHash),
    ],
    responseHandles: 1,
    loaded,
  });
  const handle = handles[0]!;
  parameters.sized(); // nonceTPM
  parameters.end();
  return handle;
}

/** PolicySecret(TPM_RH_ENDORSEMENT): PolicyA of the EK profile. @param authorization of the hierarchy */
export async function policySecretEndorsement(
  channel: TpmChannel,
  session: number,
  authorization: Authorization,
): Promise<void> {
  const { parameters } = await execute(channel, {
    name: 'PolicySecret',
    code: TPM_CC.PolicySecret,
    handles: [TPM_RH.ENDORSEMENT, session],
    authorizations: [authorization],
    parameters: [empty, empty, empty, u32(0)], // nonceTPM, cpHashA, policyRef, expiration
  });
  parameters.sized(); // timeout
  parameters.u16(); // policyTicket: tag, hierarchy, digest
  parameters.u32();
  parameters.sized();
  parameters.end();
}

export async function policyOr(
  channel: TpmChannel,
  session: number,
  branches: readonly Uint8Array[],
): Promise<void> {
  const { parameters } = await execute(channel, {
    name: 'PolicyOR',
    code: TPM_CC.PolicyOR,
    handles: [session],
    parameters: [u32(branches.length), ...branches.map(sized)],
  });
  parameters.end();
}

/** What the session has met so far. */
export async function policyGetDigest(channel: TpmChannel, session: number): Promise<Uint8Array> {
  const { parameters } = await execute(channel, {
    name: 'PolicyGetDigest',
    code: TPM_CC.PolicyGetDigest,
    handles: [session],
  });
  const digest = parameters.sized();
  parameters.end();
  return digest;
}
