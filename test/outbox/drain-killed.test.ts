import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import { drainAndKill } from './drain-and-kill.ts';
import { EmulatedDps } from './emulated-dps.ts';
import { makeEntries } from './entries.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';

const kills = 10;
const devices = 1_500;

it('O3 kill -9 at random moments, with replies lost: each created once, acknowledged once', async context => {
  const dps = await EmulatedDps.start();
  const directory = await mkdtemp(path.join(os.tmpdir(), 'keyline-killed-'));
  context.after(async () => {
    await dps.close();
    await rm(directory, { recursive: true, force: true });
  });
  const stateFile = path.join(directory, 'outbox.json');
  const entries = makeEntries(devices);
  await writeFile(stateFile, new MemoryStore(entries).snapshot());
  await dps.arm({ kind: 'slow', delayMs: 5 });
  await dps.arm({ kind: 'reply-dropped', probability: 0.05, seed: 11 });

  let unfinished = 0;
  for (let round = 0; round < kills; round++) {
    await drainAndKill(stateFile, dps);
    const left = MemoryStore.restored(await readFile(stateFile, 'utf8'));
    if (left.unresolved(1).length > 0) unfinished++;
  }
  assert.ok(unfinished > 0, 'at least one kill came while something was on its way');

  await dps.clearFaults();
  const store = MemoryStore.restored(await readFile(stateFile, 'utf8'));
  // What the killed processes put off, they put off by the real clock.
  const timing = new ManualTiming(Date.now());
  const report = await drainOnce({ store, service: dps.connect(), timing });
  assert.equal(report.remaining, 0);

  const { enrollments } = await dps.state();
  assert.equal(enrollments.length, devices);
  assert.ok(enrollments.every(({ created, overwritten }) => created === 1 && overwritten === 0));
  assert.ok(store.rows().every(row => row.state === 'enrolled' && row.acknowledgements === 1));
});
