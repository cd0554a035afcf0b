/** Drains in processes that are killed with SIGKILL at random moments of their lives, with replies lost, and then to the end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { EnrollmentService } from '../../src/dps/service.ts';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import type { OutboxEntry } from '../../src/outbox/store.ts';
import { EmulatedDps } from './emulated-dps.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';

const kills = 10;
/** Long enough to be in the middle of it, short enough that something is left. */
const longestLifeMs = 300;

export interface Survived {
  readonly dps: EmulatedDps;
  readonly store: MemoryStore;
  readonly service: EnrollmentService;
}

/** Each entry was settled once when this returns. @param seed of the emulator's lost replies */
export async function drainOverKills(
  context: TestContext,
  entries: readonly OutboxEntry[],
  seed: number,
): Promise<Survived> {
  const dps = await EmulatedDps.start();
  const directory = await mkdtemp(path.join(os.tmpdir(), 'keyline-killed-'));
  context.after(async () => {
    await dps.close();
    await rm(directory, { recursive: true, force: true });
  });
  const stateFile = path.join(directory, 'outbox.json');
  await writeFile(stateFile, new MemoryStore(entries).snapshot());
  await dps.arm({ kind: 'slow', delayMs: 5 });
  await dps.arm({ kind: 'reply-dropped', probability: 0.05, seed });
  const stored = async () => MemoryStore.restored(await readFile(stateFile, 'utf8'));

  let unfinished = 0;
  for (let round = 0; round < kills; round++) {
    await drainAndKill(stateFile, dps);
    if ((await stored()).unresolved(1).length > 0) unfinished++;
  }
  assert.ok(unfinished > 0, 'at least one kill came while something was on its way');

  await dps.clearFaults();
  const store = await stored();
  const service = dps.connect();
  // What the killed processes put off, they put off by the real clock.
  const report = await drainOnce({ store, service, timing: new ManualTiming(Date.now()) });
  assert.equal(report.remaining, 0);
  assert.ok(store.rows().every(row => row.state === 'enrolled' && row.acknowledgements === 1));
  return { dps, store, service };
}

async function drainAndKill(stateFile: string, dps: EmulatedDps): Promise<void> {
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
