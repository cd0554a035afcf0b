/** Rule H1: leaves a TPM as it was found, after this run went wrong or an earlier one was killed. */
import { TctiError } from '../tcti/errors.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { TpmError } from '../tpm/errors.ts';
import { CLEAN_UP_MS } from './deadlines.ts';
import type { HarvestRun } from './harvest-run.ts';
import { flushOwnObjects } from './own-objects.ts';

/**
 * After a run that may have loaded something ended otherwise than well; a broken connection is opened once more. What
 * cannot be flushed stays in the note and becomes the warning `handles-left`; nothing is thrown for it.
 */
export async function cleanUpAfterFailure(run: HarvestRun, failure: unknown): Promise<void> {
  const { note, handles } = run.loaded;
  if (note === undefined) return;
  let reopened: TpmChannel | undefined;
  try {
    if (failure instanceof TctiError) {
      await run.channel.tcti.close();
      reopened = await run.reopen();
    }
    const channel = reopened ?? {
      ...run.channel,
      endsAt: performance.now() + CLEAN_UP_MS,
      signal: undefined,
    };
    await flushOwnObjects(channel, note.handlesBefore, handles);
  } catch (error) {
    if (!(error instanceof TctiError || error instanceof TpmError)) throw error;
    run.warnings.add('handles-left');
    return;
  } finally {
    await reopened?.tcti.close();
  }
  run.loaded.clearNote();
}

/** At the first contact after a killed run. A bridge that breaks meanwhile throws TctiError. */
export async function cleanUpAfterKilledRun(run: HarvestRun): Promise<void> {
  const note = run.notes.read(run.noteKey);
  if (note === undefined) return;
  try {
    if (!run.channel.tcti.resourceManaged) await flushOwnObjects(run.channel, note.handlesBefore);
  } catch (error) {
    if (!(error instanceof TpmError)) throw error;
    run.warnings.add('handles-left');
    return;
  }
  run.notes.clear(note.bridge, note.harvestId);
}
