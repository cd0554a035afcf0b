/** Opens a bridge and comes to know the TPM behind it: its fixed properties, started first where it is a simulator. */
import { openTcti } from '../tcti/open-tcti.ts';
import type { SshAccess } from '../tcti/ssh-access.ts';
import type { OpenOptions, RemoteQuestion, Tcti } from '../tcti/tcti.ts';
import type { TctiConf } from '../tcti/tcti-conf.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { TpmError } from '../tpm/errors.ts';
import { getProperties } from '../tpm/get-capability.ts';
import { startupClear } from '../tpm/startup.ts';
import { TPM_PT } from '../tpm/tpm-identity.ts';
import type { HarvestDeadlines } from './deadlines.ts';

export type OpenTcti = (conf: TctiConf, options: OpenOptions) => Promise<Tcti>;

export interface ChannelOptions {
  readonly bridge: TctiConf;
  readonly deadlines: HarvestDeadlines;
  readonly signal?: AbortSignal | undefined;
  /** How to sign in at the DUT; an `ssh:` bridge needs it. */
  readonly ssh?: SshAccess | undefined;
  /** Put to the DUT before its TPM is opened, where the bridge can. */
  readonly question?: RemoteQuestion | undefined;
  /** Another way to open bridges than the real carriers, for tests. */
  readonly open?: OpenTcti | undefined;
}

/** Rejects with TctiError. The caller closes `tcti`. */
export async function openChannel(options: ChannelOptions): Promise<TpmChannel> {
  const { bridge, deadlines, signal, ssh, question, open = openTcti } = options;
  const endsAt = performance.now() + deadlines.wholeMs;
  const connectDeadlineMs = Math.min(deadlines.connectMs, deadlines.wholeMs);
  const tcti = await open(bridge, { connectDeadlineMs, signal, ssh, question });
  return { tcti, commandMs: deadlines.commandMs, createPrimaryMs: deadlines.createPrimaryMs, endsAt, signal };
}

/**
 * TPM_PT 0x100 on. A simulator fresh from its process is started (TPM2_Startup) first; behind any other bridge that is
 * the firmware's act, and a TPM that was not started is refused.
 */
export async function readFixedProperties(channel: TpmChannel): Promise<Map<number, number>> {
  try {
    return await getProperties(channel, TPM_PT.FAMILY_INDICATOR);
  } catch (error) {
    const { name } = channel.tcti;
    const notStarted = error instanceof TpmError && error.code === 'not-started';
    if (!notStarted || (name !== 'swtpm' && name !== 'mssim')) throw error;
  }
  await startupClear(channel);
  return getProperties(channel, TPM_PT.FAMILY_INDICATOR);
}
