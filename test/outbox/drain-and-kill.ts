/** A draining process that is killed with SIGKILL at a random moment of its life. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { EmulatedDps } from './emulated-dps.ts';

/** Long enough to be in the middle of it, short enough that something is left. */
const longestLifeMs = 300;

export async function drainAndKill(stateFile: string, dps: EmulatedDps): Promise<void> {
  const program = path.join(import.meta.dirname, 'draining-process.ts');
  const { connectionString, caFile } = dps.emulator;
  const child = spawn(process.execPath, [program, stateFile, connectionString, caFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const [word] = await Promise.race([once(child.stdout, 'data'), gone]);
  assert.match(String(word), /draining/);
  await new Promise(resolve => setTimeout(resolve, Math.random() * longestLifeMs));
  child.kill('SIGKILL');
  await gone;
}
