/**
 * How long a harvest takes against its own TPM commands alone, on a virtual DUT: once with the EK persisted, once with
 * the EK made by CreatePrimary, where the key's search in the TPM rules the time.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Finding } from '../../src/harvest/finding.ts';
import { defaultDeadlines, type HarvestOptions, runHarvest } from '../../src/harvest/run-harvest.ts';
import type { RunNote } from '../../src/harvest/run-notes.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { makeSwtpmState } from '../virtual-dut/make-swtpm-state.ts';
import { startSwtpm } from '../virtual-dut/start-swtpm.ts';
import { type Comparison, compare } from './comparison.ts';
import { sendRaw } from './raw-commands.ts';
import { type Exchange, recording } from './recorded-exchange.ts';

type Ek = 'persisted' | 'derivable';
const names: Readonly<Record<Ek, string>> = {
  persisted: 'harvest, EK persisted',
  derivable: 'harvest, EK by CreatePrimary',
};

/** @param rounds measured with each kind of DUT */
export async function compareHarvest(rounds: number): Promise<readonly Comparison[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  try {
    return [await compareAt(folder, 'persisted', rounds), await compareAt(folder, 'derivable', rounds)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareAt(folder: string, ek: Ek, rounds: number): Promise<Comparison> {
  const stateDir = path.join(folder, ek);
  await makeSwtpmState(stateDir, { ek, caDir: path.join(folder, 'ca') });
  const dut = await startSwtpm({ stateDir });
  try {
    const exchanges = await recordHarvest(dut.bridge);
    return await compare(
      {
        name: names[ek],
        unit: 'ms',
        rounds,
        keyline: () => timeHarvest(dut.bridge),
        floor: () => sendRaw(dut.port, exchanges),
        goal: { atMost: 1.1 },
      },
      {
        commands: exchanges.length,
        bytesOut: bytes(exchanges.map(({ command }) => command)),
        bytesIn: bytes(exchanges.map(({ response }) => response)),
      },
    );
  } finally {
    await dut.stop();
  }
}

async function timeHarvest(bridge: string): Promise<number> {
  const begun = performance.now();
  await harvest(bridge);
  return performance.now() - begun;
}

async function recordHarvest(bridge: string): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  // The first harvest at a DUT may do more than every later one: it is not the one to hold the others against.
  await harvest(bridge);
  await harvest(bridge, async (conf, options) => recording(await openTcti(conf, options), exchanges));
  return exchanges;
}

async function harvest(bridge: string, open: HarvestOptions['open'] = openTcti): Promise<Finding> {
  const notes = new Map<string, RunNote>();
  const finding = await runHarvest({
    bridge: parseTctiConf(bridge),
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

function bytes(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}
