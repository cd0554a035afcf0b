/** Rule H1: leaves a TPM as it was found, after this run went wrong or an earlier one was killed. */
import { TctiError } from '../tcti/errors.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { TpmError } from '../tpm/errors.ts';
import { CLEAN_UP_MS } from './deadlines.ts';
import type { HarvestRun } from './harvest-run.ts';
import { flushOwnObjects } from './own-objects.ts';

/**
 * After a run that may have loaded something ended otherwise than well. Over the run's own bridge where it still holds,
 * else, and where it breaks meanwhile, over one that is opened anew. What cannot be flushed stays in the note and becomes
 * the warning `handles-left`; nothing is thrown for it.
 */
export async function cleanUpAfterFailure(run: HarvestRun, failure: unknown): Promise<void> {
  const { note, handles } = run.loaded;
  if (note === undefined) return;
  const endsAt = performance.now() + CLEAN_UP_MS;
  const flushAt = (channel: TpmChannel) => flushOwnObjects(channel, note.handlesBefore, handles);
  try {
    if (failure instanceof TctiError || !(await flushedOverOwnBridge(run, flushAt))) {
      await run.channel.tcti.close();
      await overNewBridge(run, endsAt, flushAt);
    }
  } catch (error) {
    if (!(error instanceof TctiError || error instanceof TpmError)) throw error;
    run.warnings.add('handles-left');
    return;
  }
  run.loaded.clearNote();
}

/** False where the bridge broke; half of the time is kept for another one. Throws TpmError. */
async function flushedOverOwnBridge(run: HarvestRun, flushAt: Flush): Promise<boolean> {
  try {
    await flushAt({ ...run.channel, endsAt: performance.now() + CLEAN_UP_MS / 2, signal: undefined });
    return true;
  } catch (error) {
    if (error instanceof TctiError) return false;
    throw error;
  }
}

/** Throws TpmError, TctiError. */
async function overNewBridge(run: HarvestRun, endsAt: number, flushAt: Flush): Promise<void> {
  const reopened = await run.reopen(endsAt - performance.now());
  try {
    await flushAt(reopened);
  } finally {
    await reopened.tcti.close();
  }
}

type Flush = (channel: TpmChannel) => Promise<void>;

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
