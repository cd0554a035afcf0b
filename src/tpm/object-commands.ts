/** TPM2_ReadPublic, TPM2_CreatePrimary and TPM2_FlushContext (Part 3, clauses 12.4, 24.1, 28.4). */
import { createHash } from 'node:crypto';
import { sameBytes, sized, u16, u32 } from './bytes.ts';
import { execute, type TpmChannel } from './command.ts';
import { TpmError } from './errors.ts';
import { TPM_ALG } from './structures.ts';

const TPM_CC_CreatePrimary = 0x131;
const TPM_CC_FlushContext = 0x165;
const TPM_CC_ReadPublic = 0x173;
const TPM_RH_ENDORSEMENT = 0x4000000b;

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
      code: TPM_CC_ReadPublic,
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

/** A primary key of the endorsement hierarchy without a password, from a template (TPM2B_PUBLIC). */
export async function createEndorsementPrimary(
  channel: TpmChannel,
  template: Uint8Array,
  loaded: (handle: number) => void,
): Promise<CreatedPrimary> {
  const { handles, parameters } = await execute(
    channel,
    {
      name: 'CreatePrimary',
      code: TPM_CC_CreatePrimary,
      handles: [TPM_RH_ENDORSEMENT],
      emptyPasswords: 1,
      parameters: [noSensitive, template, sized(new Uint8Array()), u32(0)],
      responseHandles: 1,
    },
    channel.createPrimaryMs,
  );
  const handle = handles[0]!;
  loaded(handle);
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

export async function flushContext(channel: TpmChannel, handle: number): Promise<void> {
  const { parameters } = await execute(channel, {
    name: 'FlushContext',
    code: TPM_CC_FlushContext,
    parameters: [u32(handle)],
  });
  parameters.end();
}

/** TPM2B_SENSITIVE_CREATE with empty password and empty data. */
const noSensitive = sized(Buffer.concat([sized(new Uint8Array()), sized(new Uint8Array())]));

const nameHashes: Readonly<Record<number, string>> = {
  [TPM_ALG.SHA1]: 'sha1',
  [TPM_ALG.SHA256]: 'sha256',
  [TPM_ALG.SHA384]: 'sha384',
  [TPM_ALG.SHA512]: 'sha512',
};

/** An object's Name is nameAlg ‖ H(TPMT_PUBLIC) (Part 1, clause 16): it catches a public area damaged on the way. */
function checkName(tpm2bPublic: Uint8Array, name: Uint8Array): void {
  const area = tpm2bPublic.subarray(2);
  const nameAlg = (area[2] ?? 0) * 0x100 + (area[3] ?? 0);
  const hash = nameHashes[nameAlg];
  if (hash === undefined) return;
  const expected = Buffer.concat([u16(nameAlg), createHash(hash).update(area).digest()]);
  if (!sameBytes(name, expected)) {
    throw new TpmError('answer-malformed', 'the Name of the key does not fit its public area');
  }
}
