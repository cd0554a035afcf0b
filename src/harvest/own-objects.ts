/**
 * Rule H1 where no resource manager stands between us and the TPM: which loaded objects are ours, and their flushing.
 * Ours is what was not loaded before the run and is either the handle that CreatePrimary gave us or a key of the one
 * template that runs create from.
 */
import type { TpmChannel } from '../tpm/command.ts';
import { recogniseEkTemplate } from '../tpm/ek-templates.ts';
import { TpmError } from '../tpm/errors.ts';
import { getHandles, handleRange } from '../tpm/get-capability.ts';
import { flushContext, readPublic } from '../tpm/object-commands.ts';
import { parsePublic } from '../tpm/structures.ts';

export function listTransientHandles(channel: TpmChannel): Promise<number[]> {
  return getHandles(channel, handleRange.transient);
}

/** Throws TpmError, TctiError; then something of ours may be left. */
export async function flushOwnObjects(
  channel: TpmChannel,
  handlesBefore: readonly number[],
  created?: number,
): Promise<void> {
  const loaded = await listTransientHandles(channel);
  for (const handle of loaded.filter(candidate => !handlesBefore.includes(candidate))) {
    if (handle === created || (await isOfOurTemplate(channel, handle))) await flushContext(channel, handle);
  }
}

async function isOfOurTemplate(channel: TpmChannel, handle: number): Promise<boolean> {
  try {
    const tpm2bPublic = await readPublic(channel, handle);
    return tpm2bPublic !== undefined && recogniseEkTemplate(parsePublic(tpm2bPublic)) === 'L-1';
  } catch (error) {
    if (error instanceof TpmError) return false;
    throw error;
  }
}
