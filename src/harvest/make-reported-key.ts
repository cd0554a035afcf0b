/**
 * The L-1 key of a TPM that stores none and whose endorsement hierarchy has a password, for a look at it: made with the
 * password and flushed again, with the same notes and the same cleaning up as a harvest (rule H1).
 */
import type { TpmChannel } from '../tpm/command.ts';
import { cleanUpAfterFailure, cleanUpAfterKilledRun } from './clean-up.ts';
import { makeRun, type RunReport, type RunSetting } from './make-run.ts';
import { makeKey } from './read-endorsement-key.ts';

/** @returns TPM2B_PUBLIC, not yet parsed. Throws TpmError, TctiError. */
export async function makeReportedKey(
  setting: RunSetting,
  channel: TpmChannel,
  nvBufferMax: number | undefined,
  used: RunReport['used'],
): Promise<Uint8Array> {
  const run = makeRun(setting, channel, { warnings: new Set(), used });
  run.nvBufferMax = nvBufferMax;
  try {
    await cleanUpAfterKilledRun(run);
    const { tpm2bPublic } = await makeKey(run, 'L-1');
    await run.loaded.flushAll();
    return tpm2bPublic;
  } catch (error) {
    await cleanUpAfterFailure(run, error);
    throw error;
  }
}
