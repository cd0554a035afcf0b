/**
 * The endorsement key of a DUT that is to be enrolled (rule H9), by the product's choice. Microsoft's DPS SDKs for C and
 * Node present the key at 0x81010001, and where there is none they make one from an empty `unique`; TPM makers certify
 * the key of template L-1. Where these differ, one of them must be chosen. A key that is made stays loaded until the run
 * ends; nothing is stored in the TPM (rule H1).
 */
import { sameBytes } from '../tpm/bytes.ts';
import { SDK_EMPTY_UNIQUE_TEMPLATE } from '../tpm/ek-templates.ts';
import { createPrimary, readPublic } from '../tpm/object-commands.ts';
import { TPM_RH } from '../tpm/permanent-handles.ts';
import type { HarvestRun } from './harvest-run.ts';
import { readL1Template } from './l1-template.ts';

/** Where the RSA 2048 EK is persisted by convention (TCG registry of reserved handles; Windows and Azure SDKs). */
export const RSA_EK_HANDLE = 0x81010001;

/** What the keys that a run makes are made from. */
export type MadeFrom = 'L-1' | 'sdk-empty-unique';
/** Which key a product's devices are enrolled with; without a choice the persisted one, else that of L-1. */
export type DeviceKeyChoice = 'persisted' | MadeFrom;

export interface RawEndorsementKey {
  /** As the TPM sent it, not yet judged. */
  readonly tpm2bPublic: Uint8Array;
  readonly source: 'persisted' | 'created';
  /** Where it was made, or found to be the one that is made from this. */
  readonly madeFrom?: MadeFrom;
  readonly handle: number;
  /** True where another key is persisted, which the SDKs will present. */
  readonly besidesPersisted: boolean;
}

/** Undefined where only a persisted key is wanted and there is none. Throws TpmError, TctiError. */
export async function readEndorsementKey(
  run: HarvestRun,
  choice: DeviceKeyChoice | undefined,
): Promise<RawEndorsementKey | undefined> {
  const persisted = await readPublic(run.channel, RSA_EK_HANDLE);
  if (persisted === undefined && choice === 'persisted') return undefined;
  if (persisted !== undefined && (choice === undefined || choice === 'persisted')) {
    return {
      tpm2bPublic: persisted,
      source: 'persisted',
      handle: RSA_EK_HANDLE,
      besidesPersisted: false,
    };
  }
  const madeFrom = choice === 'sdk-empty-unique' ? choice : 'L-1';
  const made = await makeKey(run, madeFrom);
  if (persisted === undefined || !sameBytes(made.tpm2bPublic, persisted)) {
    return { ...made, source: 'created', madeFrom, besidesPersisted: persisted !== undefined };
  }
  await run.loaded.flush(made.handle);
  return {
    tpm2bPublic: persisted,
    source: 'persisted',
    madeFrom,
    handle: RSA_EK_HANDLE,
    besidesPersisted: false,
  };
}

/** Loads the key; the caller flushes it, or the run's end does. */
export async function makeKey(
  run: HarvestRun,
  madeFrom: MadeFrom,
): Promise<{ readonly handle: number; readonly tpm2bPublic: Uint8Array }> {
  const template =
    madeFrom === 'L-1' ? await readL1Template(run.channel, run.nvBufferMax) : SDK_EMPTY_UNIQUE_TEMPLATE;
  await run.loaded.prepare();
  return run.endorsement.authorize(undefined, authorization =>
    createPrimary(run.channel, TPM_RH.ENDORSEMENT, template, run.loaded.add, authorization),
  );
}
