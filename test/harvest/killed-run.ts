/**
 * A harvest in a process of its own, to be killed: `node killed-run.ts BRIDGE NOTES_FILE`. Its notes lie in a file, as
 * a station's lie in its ledger.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RunNotes } from '../../src/harvest/run-notes.ts';
import { harvestAt } from './harvest-at.ts';

export function notesInFile(file: string): RunNotes {
  return {
    read() {
      try {
        return JSON.parse(readFileSync(file, 'utf8'));
      } catch {
        return undefined;
      }
    },
    write: note => writeFileSync(file, JSON.stringify(note)),
    clear: () => rmSync(file, { force: true }),
  };
}

const [, script, bridge, notesFile] = process.argv;
if (script === import.meta.filename && bridge !== undefined && notesFile !== undefined) {
  await harvestAt(bridge, { runNotes: notesInFile(notesFile) });
}
