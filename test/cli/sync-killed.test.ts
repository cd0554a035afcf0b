/**
 * The promise of the outbox over the real ledger, the real SDK and the emulator with its faults on: `sync --once` is
 * killed with SIGKILL at random moments until everything is drained.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { emulatorForTest, send, type TestEmulator } from '../emulator/running-emulator.ts';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { documentOf, keyline } from './run-keyline.ts';

const devices = 1_000;
const longestRounds = 60;

/** A service with a bad day: slow, now and then 429, 500, gone, or silent after the work is done. */
async function armFaults(emulator: TestEmulator, seed: number): Promise<void> {
  const faults = [
    { kind: 'slow', delayMs: 30 },
    { kind: 'reply-dropped', probability: 0.03 },
    { kind: 'server-error', probability: 0.02 },
    { kind: 'offline', probability: 0.02 },
    { kind: 'throttled', probability: 0.02, retryAfterS: 1 },
  ];
  await send(emulator, { method: 'DELETE', path: '/$emulator/faults' });
  for (const fault of faults) {
    const armed = await send(emulator, {
      method: 'POST',
      path: '/$emulator/faults',
      body: { ...fault, seed },
    });
    assert.equal(armed.status, 201, armed.text);
  }
}

describe('sync --once, killed again and again', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-killed-'));
  const dataDir = path.join(folder, 'station');
  let emulator: TestEmulator;
  let env: Record<string, string>;

  before(async () => {
    emulator = await emulatorForTest({ dir: path.join(folder, 'dps') });
    env = {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_DPS_CONNECTION_STRING: emulator.connectionString,
      KEYLINE_DPS_CA_FILE: emulator.caFile,
    };
  });
  after(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('O3 creates each registrationId once, overwrites none, and acknowledges each once in the ledger', async t => {
    const file = path.join(folder, 'devices.csv');
    const rows = Array.from({ length: devices }, (_, number) => `SN-${number},${base64Key(number)}`);
    writeFileSync(file, `serial,endorsementKey\n${rows.join('\n')}\n`);
    const imported = await keyline(['import', file], { dataDir, env });
    assert.equal(imported.code, 0, imported.stderr);

    let kills = 0;
    let drained = false;
    for (let round = 0; round < longestRounds && !drained; round += 1) {
      await armFaults(emulator, round);
      // From "not yet connected" to "in the middle of it"; later rounds are left to finish.
      const lifeMs = 250 + Math.random() * 500;
      const ended = await keyline(['sync', '--once', '--json'], {
        dataDir,
        env,
        started: child => {
          if (round < 12) setTimeout(() => child.kill('SIGKILL'), lifeMs).unref();
        },
      });
      if (ended.code === null) kills += 1;
      drained = ended.code === 0 && documentOf(ended).remaining === 0;
    }
    t.diagnostic(`${kills} kills`);
    assert.ok(drained, 'drained in the end');
    assert.ok(kills >= 5, `only ${kills} kills hit`);

    const state = (await send(emulator, { method: 'GET', path: '/$emulator/state' })).json;
    assert.equal(state.enrollments.length, devices);
    for (const { registrationId, created, overwritten } of state.enrollments)
      assert.deepEqual({ created, overwritten }, { created: 1, overwritten: 0 }, registrationId);

    const ledger = new Database(path.join(dataDir, 'ledger.sqlite'), { readonly: true });
    const states = ledger.prepare('SELECT state, count(*) AS n FROM outbox GROUP BY state').all();
    assert.deepEqual(states, [{ state: 'enrolled', n: devices }]);
    const acknowledged = (ledger.prepare('SELECT entry FROM audit_entry').all() as { entry: Buffer }[])
      .map(row => JSON.parse(row.entry.toString('utf8')))
      .filter(entry => entry.type === 'enrollment' && entry.data.change === 'enrolled')
      .map(entry => entry.data.entryId);
    ledger.close();
    assert.equal(acknowledged.length, devices);
    assert.equal(new Set(acknowledged).size, devices);
    const verified = await keyline(['audit', 'verify', '--json'], { dataDir, env });
    assert.equal(documentOf(verified).ok, true, verified.stdout);
  });
});
