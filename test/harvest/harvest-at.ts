/** Runs a harvest as a station would, with notes in memory. */
import type { Finding } from '../../src/harvest/finding.ts';
import { type HarvestOptions, runHarvest } from '../../src/harvest/run-harvest.ts';
import type { RunNote, RunNotes } from '../../src/harvest/run-notes.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';

export interface MemoryNotes extends RunNotes {
  readonly notes: Map<string, RunNote>;
}

export function memoryNotes(): MemoryNotes {
  const notes = new Map<string, RunNote>();
  return {
    notes,
    read: bridge => notes.get(bridge),
    write: note => void notes.set(note.bridge, note),
    clear: bridge => void notes.delete(bridge),
  };
}

/** Short enough for tests, long enough for two busy cores. */
export const testDeadlines = { connectMs: 2_000, commandMs: 5_000, createPrimaryMs: 20_000, wholeMs: 30_000 };

export function harvestAt(bridge: string, options: Partial<HarvestOptions> = {}): Promise<Finding> {
  return runHarvest({
    bridge: parseTctiConf(bridge),
    deadlines: testDeadlines,
    rehearsal: true,
    possession: 'require',
    harvestId: 'harvest-1',
    runNotes: memoryNotes(),
    ...options,
  });
}
