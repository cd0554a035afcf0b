/**
 * A harvest in a process of its own, to be killed: `node killed-run.ts BRIDGE NOTES_FILE [DEVICE_KEY] [PASSWORD]`. Its notes lie
 * in a file, as a station's lie in its ledger.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DeviceKeyChoice } from '../../src/harvest/read-endorsement-key.ts';
import type { RunNotes } from '../../src/harvest/run-notes.ts';
import { HierarchyPassword } from '../../src/tpm/hierarchy-password.ts';
import type { CuttingRelay } from './cutting-relay.ts';
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

/** SIGKILL when the relay has broken the line; resolves when the process is gone. */
export async function killAtBreak(relay: CuttingRelay, child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  await Promise.race([relay.broken, exited]);
  child.kill('SIGKILL');
  await exited;
}

/** Starts one, for `killAtBreak`. */
export function startRun(
  bridge: string,
  notes: string,
  choice?: DeviceKeyChoice,
  password?: string,
): ChildProcess {
  const parameters = [import.meta.filename, bridge, notes, choice ?? '', password ?? ''];
  return spawn(process.execPath, parameters, { stdio: 'inherit' });
}

const [, script, bridge, notesFile, deviceKey, password] = process.argv;
if (script === import.meta.filename && bridge !== undefined && notesFile !== undefined) {
  await harvestAt(bridge, {
    runNotes: notesInFile(notesFile),
    deviceKey: (deviceKey || undefined) as DeviceKeyChoice | undefined,
    hierarchyPassword: password ? HierarchyPassword.of(password) : undefined,
  });
}
