/**
 * The endorsement key of a DUT: what is persisted at 0x81010001, else a transient primary from template L-1, which stays
 * loaded until the run ends (TCG EK Credential Profile; rule H9). Nothing is stored in the TPM (rule H1).
 */
import { EK_TEMPLATE_L1 } from '../tpm/ek-templates.ts';
import { createPrimary, readPublic } from '../tpm/object-commands.ts';
import { TPM_RH } from '../tpm/permanent-handles.ts';
import type { HarvestRun } from './harvest-run.ts';

/** Where the RSA 2048 EK is persisted by convention (TCG registry of reserved handles; Windows and Azure SDKs). */
export const RSA_EK_HANDLE = 0x81010001;

export interface RawEndorsementKey {
  /** As the TPM sent it, not yet judged. */
  readonly tpm2bPublic: Uint8Array;
  readonly source: 'persisted' | 'created';
  readonly handle: number;
}

/** Throws TpmError, TctiError. */
export async function readEndorsementKey({ channel, loaded }: HarvestRun): Promise<RawEndorsementKey> {
  const persisted = await readPublic(channel, RSA_EK_HANDLE);
  if (persisted !== undefined) return { tpm2bPublic: persisted, source: 'persisted', handle: RSA_EK_HANDLE };
  await loaded.prepare();
  const created = await createPrimary(channel, TPM_RH.ENDORSEMENT, EK_TEMPLATE_L1, loaded.add);
  return { ...created, source: 'created' };
}
