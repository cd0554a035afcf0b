/** TPM2_Startup(CLEAR) (Part 3, clause 9.3): for simulators only; on a device this is the firmware's act. */
import { u16 } from './bytes.ts';
import { execute, type TpmChannel } from './command.ts';
import { TPM_CC } from './command-codes.ts';
import { TpmError } from './errors.ts';

const TPM_SU_CLEAR = 0x0000;

/** A TPM that is started already answers INITIALIZE, which is as good. */
export async function startupClear(channel: TpmChannel): Promise<void> {
  try {
    const { parameters } = await execute(channel, {
      name: 'Startup',
      code: TPM_CC.Startup,
      parameters: [u16(TPM_SU_CLEAR)],
    });
    parameters.end();
  } catch (error) {
    if (!(error instanceof TpmError && error.code === 'not-started')) throw error;
  }
}
