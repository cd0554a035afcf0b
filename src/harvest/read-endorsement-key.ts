/**
 * The endorsement key of a DUT: what is persisted at 0x81010001, else a transient primary from template L-1 that is
 * flushed at once (TCG EK Credential Profile; rule H9). Nothing else is loaded, nothing is stored in the TPM (rule H1).
 */
import { EK_TEMPLATE_L1 } from '../tpm/ek-templates.ts';
import { createEndorsementPrimary, flushContext, readPublic } from '../tpm/object-commands.ts';
import { cleanUpAfterFailure } from './clean-up.ts';
import type { HarvestRun } from './harvest-run.ts';
import { listTransientHandles } from './own-objects.ts';
import type { RunNote } from './run-notes.ts';

/** Where the RSA 2048 EK is persisted by convention (TCG registry of reserved handles; Windows and Azure SDKs). */
export const RSA_EK_HANDLE = 0x81010001;

export interface RawEndorsementKey {
  /** As the TPM sent it, not yet judged. */
  readonly tpm2bPublic: Uint8Array;
  readonly source: 'persisted' | 'created';
}

/** Throws TpmError, TctiError; the TPM is cleaned up before it does. */
export async function readEndorsementKey(run: HarvestRun): Promise<RawEndorsementKey> {
  const persisted = await readPublic(run.channel, RSA_EK_HANDLE);
  if (persisted !== undefined) return { tpm2bPublic: persisted, source: 'persisted' };
  return { tpm2bPublic: await createAndFlush(run), source: 'created' };
}

async function createAndFlush(run: HarvestRun): Promise<Uint8Array> {
  const { channel } = run;
  const note = channel.tcti.resourceManaged ? undefined : await writeNote(run);
  let created: number | undefined;
  try {
    const primary = await createEndorsementPrimary(channel, EK_TEMPLATE_L1, handle => {
      created = handle;
    });
    await flushContext(channel, primary.handle);
    if (note !== undefined) run.notes.clear(note.bridge, note.harvestId);
    return primary.tpm2bPublic;
  } catch (error) {
    if (note !== undefined) await cleanUpAfterFailure(run, note, error, created);
    throw error;
  }
}

async function writeNote(run: HarvestRun): Promise<RunNote> {
  const loaded = await listTransientHandles(run.channel);
  // A note that is still there is of a run whose objects could not be flushed: they must not count as found here.
  const earlier = run.notes.read(run.noteKey);
  const handlesBefore = loaded.filter(handle => earlier?.handlesBefore.includes(handle) ?? true);
  const note = { bridge: run.noteKey, harvestId: run.harvestId, handlesBefore };
  run.notes.write(note);
  return note;
}
