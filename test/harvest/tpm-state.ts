/** What rule H1 promises to leave as it was, read over a connection of its own. */
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { getHandles, getLoadedSessions, getProperties, handleRange } from '../../src/tpm/get-capability.ts';
import { nvReadPublic } from '../../src/tpm/nv-commands.ts';
import { readPublic } from '../../src/tpm/object-commands.ts';
import { TPM_PT } from '../../src/tpm/tpm-identity.ts';

/** As a capability's first handle, TPM_HT_SAVED_SESSION (Part 2, 7.2). */
const SAVED_SESSION_FIRST = 0x03000000;

/** What is compared, in words for a table. */
export const COMPARED =
  'persistent keys, NV indices, loaded objects, loaded and saved sessions, all variable properties (auth flags, lockout counter)';

export interface TpmState {
  /** Handle and public area of each. */
  readonly persistent: readonly string[];
  /** Index with its attributes and size. */
  readonly nvIndices: readonly string[];
  readonly transient: readonly number[];
  readonly loadedSessions: readonly number[];
  readonly savedSessions: readonly number[];
  /** Every TPM_PT_VAR: among them the hierarchies' auth flags, the lockout counter, the room that is left. */
  readonly variable: Readonly<Record<string, number>>;
}

export async function tpmState(bridge: string): Promise<TpmState> {
  const tcti = await openTcti(parseTctiConf(bridge), { connectDeadlineMs: 5_000 });
  try {
    const endsAt = performance.now() + 20_000;
    const channel = { tcti, commandMs: 5_000, createPrimaryMs: 5_000, endsAt };
    const persistent: string[] = [];
    for (const handle of await getHandles(channel, handleRange.persistent)) {
      const tpm2bPublic = await readPublic(channel, handle);
      persistent.push(`${handle.toString(16)} ${Buffer.from(tpm2bPublic ?? []).toString('hex')}`);
    }
    const nvIndices: string[] = [];
    for (const index of await getHandles(channel, handleRange.nvIndex)) {
      nvIndices.push(JSON.stringify(await nvReadPublic(channel, index)));
    }
    const variable = await getProperties(channel, TPM_PT.PERMANENT);
    return {
      persistent,
      nvIndices,
      transient: await getHandles(channel, handleRange.transient),
      loadedSessions: await getLoadedSessions(channel),
      savedSessions: await getHandles(channel, SAVED_SESSION_FIRST),
      variable: Object.fromEntries([...variable].map(([property, value]) => [property.toString(16), value])),
    };
  } finally {
    await tcti.close();
  }
}
