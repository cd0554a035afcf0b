/** One harvest as the benches measure it: the whole run at a bridge, with possession proved; nothing is stored. */
import type { Finding } from '../../src/harvest/finding.ts';
import { defaultDeadlines, type HarvestOptions, runHarvest } from '../../src/harvest/run-harvest.ts';
import type { RunNote } from '../../src/harvest/run-notes.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { SshAccess } from '../../src/tcti/ssh-access.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import type { RecordedHarvest } from './raw-commands.ts';
import { type Exchange, recording } from './recorded-exchange.ts';

export interface BenchedDut {
  /** Conf string. */
  readonly bridge: string;
  /** Where the bridge is `ssh:`. */
  readonly ssh?: SshAccess;
}

type ReadFinding = Extract<Finding, { readonly outcome: 'read' }>;

/** @returns milliseconds from before connecting until the bridge is closed */
export async function timeHarvest(dut: BenchedDut): Promise<number> {
  const begun = performance.now();
  await harvest(dut);
  return performance.now() - begun;
}

/** What a harvest sends there, for the floor to send again. */
export async function recordHarvest(dut: BenchedDut): Promise<RecordedHarvest> {
  const exchanges: Exchange[] = [];
  // The first harvest at a DUT may do more than every later one: it is not the one to hold the others against.
  await harvest(dut);
  const { key } = await harvest(dut, async (conf, options) =>
    recording(await openTcti(conf, options), exchanges),
  );
  return { exchanges, endorsementKey: Buffer.from(key.endorsementKey, 'base64') };
}

/** For the line that says what was compared. */
export function countExchanges({ exchanges }: RecordedHarvest): Readonly<Record<string, number>> {
  const bytes = (frames: readonly Uint8Array[]) => frames.reduce((sum, frame) => sum + frame.length, 0);
  return {
    commands: exchanges.length,
    bytesOut: bytes(exchanges.map(({ command }) => command)),
    bytesIn: bytes(exchanges.map(({ response }) => response)),
  };
}

async function harvest(
  { bridge, ssh }: BenchedDut,
  open: HarvestOptions['open'] = openTcti,
): Promise<ReadFinding> {
  const notes = new Map<string, RunNote>();
  const finding = await runHarvest({
    bridge: parseTctiConf(bridge),
    ssh,
    deadlines: defaultDeadlines,
    rehearsal: true,
    possession: 'require',
    harvestId: 'bench',
    runNotes: {
      read: at => notes.get(at),
      write: note => void notes.set(note.bridge, note),
      clear: at => void notes.delete(at),
    },
    open,
  });
  if (finding.outcome !== 'read') throw new Error(`the harvest ended as ${finding.outcome}: ${finding.code}`);
  return finding;
}
