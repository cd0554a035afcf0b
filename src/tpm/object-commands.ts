/** TPM2_ReadPublic, TPM2_CreatePrimary, TPM2_ActivateCredential, TPM2_FlushContext (Part 3, 12.4, 24.1, 12.5, 28.4). */
import { sameBytes, sized, u32 } from './bytes.ts';
import { type Authorization, execute, type TpmChannel } from './command.ts';
import { TPM_CC } from './command-codes.ts';
import { TpmError } from './errors.ts';
import { nameOf } from './object-name.ts';

export interface CreatedPrimary {
  /** Transient; the caller flushes it. */
  readonly handle: number;
  /** TPM2B_PUBLIC as the TPM sent it, not yet parsed. */
  readonly tpm2bPublic: Uint8Array;
}

/** The TPM2B_PUBLIC of a loaded or persistent object, not yet parsed; undefined where nothing has that handle. */
export async function readPublic(channel: TpmChannel, handle: number): Promise<Uint8Array | undefined> {
  try {
    const { parameters } = await execute(channel, {
      name: 'ReadPublic',
      code: TPM_CC.ReadPublic,
      handles: [handle],
    });
    const tpm2bPublic = parameters.sizedWhole();
    const name = parameters.sized();
    parameters.sized();
    parameters.end();
    checkName(tpm2bPublic, name);
    return tpm2bPublic;
  } catch (error) {
    if (error instanceof TpmError && error.code === 'nothing-there') return undefined;
    throw error;
  }
}

/**
 * A primary object without a password, from a template (TPM2B_PUBLIC).
 * @param authorization of the hierarchy; by the empty password unless given
 * @param loaded is told the handle before the rest of the answer is read, so that it can be flushed whatever that says
 */
export async function createPrimary(
  channel: TpmChannel,
  hierarchy: number,
  template: Uint8Array,
  loaded: (handle: number) => void,
  authorization: Authorization = 'empty-password',
): Promise<CreatedPrimary> {
  const { handles, parameters } = await execute(
    channel,
    {
      name: 'CreatePrimary',
      code: TPM_CC.CreatePrimary,
      handles: [hierarchy],
      authorizations: [authorization],
      parameters: [noSensitive, template, sized(new Uint8Array()), u32(0)],
      responseHandles: 1,
      loaded,
    },
    channel.createPrimaryMs,
  );
  const handle = handles[0]!;
  const tpm2bPublic = parameters.sizedWhole();
  parameters.sized(); // creationData
  parameters.sized(); // creationHash
  parameters.u16(); // creationTicket: tag, hierarchy, digest
  parameters.u32();
  parameters.sized();
  const name = parameters.sized();
  parameters.end();
  checkName(tpm2bPublic, name);
  return { handle, tpm2bPublic };
}

export interface Credential {
  /** TPM2B_ID_OBJECT. */
  readonly credentialBlob: Uint8Array;
  /** TPM2B_ENCRYPTED_SECRET. */
  readonly secret: Uint8Array;
}

/**
 * The secret in a credential, which the TPM gives away only where `key` decrypts it and `object` has the Name it was
 * made for. The object is used with the empty password, the key by policy alone; the session is gone afterwards.
 */
export async function activateCredential(
  channel: TpmChannel,
  object: number,
  key: number,
  policySession: number,
  { credentialBlob, secret }: Credential,
): Promise<Uint8Array> {
  const { parameters } = await execute(channel, {
    name: 'ActivateCredential',
    code: TPM_CC.ActivateCredential,
    handles: [object, key],
    authorizations: ['empty-password', { policySession }],
    parameters: [credentialBlob, secret],
  });
  const certInfo = parameters.sized();
  parameters.end();
  return certInfo;
}

export async function flushContext(channel: TpmChannel, handle: number): Promise<void> {
  const { parameters } = await execute(channel, {
    name: 'FlushContext',
    code: TPM_CC.FlushContext,
    parameters: [u32(handle)],
  });
  parameters.end();
}

/** TPM2B_SENSITIVE_CREATE with empty password and empty data. */
const noSensitive = sized(Buffer.concat([sized(new Uint8Array()), sized(new Uint8Array())]));

/** A Name catches a public area damaged on the way. */
function checkName(tpm2bPublic: Uint8Array, name: Uint8Array): void {
  const expected = nameOf(tpm2bPublic);
  if (expected !== undefined && !sameBytes(name, expected)) {
    throw new TpmError('answer-malformed', 'the Name of the key does not fit its public area');
  }
}
