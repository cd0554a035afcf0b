/** What is done to enrolled devices, by the command line alone, against the emulator. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { emulatorForTest, type TestEmulator } from '../emulator/running-emulator.ts';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { documentOf, keyline } from './run-keyline.ts';
import './cheap-pins.ts';

const pin = '240817';
const mina = ['--as', 'mina'] as const;

describe('keyline devices, queue cancel', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-devices-'));
  let emulator: TestEmulator;
  let env: Record<string, string>;
  const run = (...args: string[]) =>
    keyline([...args, '--json'], { dataDir: path.join(folder, 'station'), env });
  const done = async (...args: string[]) => {
    const ended = await run(...args);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    return documentOf(ended) as never as Record<string, never>;
  };

  before(async () => {
    emulator = await emulatorForTest({ dir: path.join(folder, 'dps') });
    env = {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_DPS_CONNECTION_STRING: emulator.connectionString,
      KEYLINE_DPS_CA_FILE: emulator.caFile,
      KEYLINE_PIN: pin,
      KEYLINE_NEW_PIN: pin,
    };
    await done('people', 'add', 'mina', '--name', 'Kim Mina', '--role', 'supervisor');
    const file = path.join(folder, 'devices.csv');
    writeFileSync(
      file,
      `serial,endorsementKey\n${[1, 2, 3].map(n => `SN-${n},${base64Key(n)}`).join('\n')}\n`,
    );
    const imported = await run('import', file);
    assert.equal(imported.code, 0, imported.stdout);
  });
  after(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('O4 disables, deletes and cancels with a reason, and tells the whole story afterwards', async () => {
    const { entries } = (await done('queue', 'list')) as unknown as {
      entries: { entryId: string; operation: string; serial: string }[];
    };
    assert.deepEqual(
      entries.map(({ operation }) => operation),
      ['create', 'create', 'create'],
    );
    await done('devices', 'disable', 'SN-1', '--reason', 'audit of lot 7', ...mina);
    await done('queue', 'cancel', entries[2]!.entryId, '--reason', 'wrong lot', ...mina);
    assert.partialDeepStrictEqual(await done('sync', '--once'), { enrolled: 2, changed: 1, remaining: 0 });
    const retired = await done('devices', 'delete', 'SN-2', '--reason', 'scrap', ...mina);
    assert.notEqual(retired.deleteEntry, null);
    assert.partialDeepStrictEqual(await done('sync', '--once'), { enrolled: 0, changed: 1, remaining: 0 });
    const { devices } = (await done('devices', 'show', 'SN-2')) as unknown as {
      devices: { retired: { reason: string }; entries: { operation: string; state: string }[] }[];
    };
    assert.equal(devices[0]!.retired.reason, 'scrap');
    assert.deepEqual(
      devices[0]!.entries.map(({ operation, state }) => [operation, state]),
      [
        ['create', 'enrolled'],
        ['delete', 'enrolled'],
      ],
    );
    const { queue } = (await done('status')) as unknown as { queue: Record<string, number> };
    assert.partialDeepStrictEqual(queue, { queued: 0, sending: 0, enrolled: 2, changed: 2, cancelled: 1 });
    assert.deepEqual(await done('devices', 'update', 'SN-1'), { requested: 0, unchanged: 1, notEnrolled: 0 });
    const verified = await run('audit', 'verify');
    assert.equal(documentOf(verified).ok, true, verified.stdout);
  });

  it('H6 shows a clone beside what is on record, and relabels by a supervisor’s decision', async () => {
    const file = path.join(folder, 'clone.csv');
    writeFileSync(file, `serial,endorsementKey\nSN-4,${base64Key(3)}\n`);
    assert.equal((await run('import', file)).code, 4);
    const { devices } = (await done('devices', 'show', 'SN-3')) as unknown as {
      devices: { attempts: { harvestId: string; code: string }[] }[];
    };
    const harvestId = devices[0]!.attempts.find(({ code }) => code === 'clone')!.harvestId;
    const shown = await keyline(['devices', 'compare', harvestId], {
      dataDir: path.join(folder, 'station'),
      env,
    });
    assert.match(shown.stdout, /≠ +serial +SN-3 +SN-4/);
    assert.match(shown.stdout, new RegExp(`keyline devices relabel ${harvestId} .*supervisor`));
    const anybody = await run('devices', 'relabel', harvestId, '--reason', 'wrong label');
    assert.deepEqual([anybody.code, documentOf(anybody).code], [4, 'sign-in-needed']);
    const decided = await done('devices', 'relabel', harvestId, '--reason', 'wrong label', ...mina);
    assert.partialDeepStrictEqual(decided, { serial: 'SN-4', serialBefore: 'SN-3' });
    const again = await run('devices', 'relabel', harvestId, '--reason', 'wrong label', ...mina);
    assert.deepEqual([again.code, documentOf(again).code], [4, 'harvest-outdated']);
  });

  it('says what is wrong with a name, a reason or a swap, and does nothing', async () => {
    const cases = [
      [['devices', 'disable', 'SN-1', '--reason', 'x'], 4, 'sign-in-needed'],
      [['devices', 'disable', 'nobody', '--reason', 'x', ...mina], 2, 'device-unknown'],
      [['devices', 'delete', 'SN-1', '--reason', ' '], 2, 'reason-invalid'],
      [['devices', 'update'], 2, 'usage'],
      [['queue', 'cancel', 'none', '--reason', 'x', ...mina], 2, 'entry-unknown'],
    ] as const;
    for (const [args, code, word] of cases) {
      const ended = await run(...args);
      assert.deepEqual([ended.code, documentOf(ended).code], [code, word], args.join(' '));
    }
    const shown = await keyline(['devices', 'show', 'SN-1'], { dataDir: path.join(folder, 'station'), env });
    assert.match(shown.stdout, /create +enrolled /);
    assert.match(shown.stdout, /disable +done \(disabled\) .*audit of lot 7/);
    const deleted = await keyline(['devices', 'show', 'SN-2'], {
      dataDir: path.join(folder, 'station'),
      env,
    });
    assert.match(deleted.stdout, /delete +done \(deleted\) .*scrap/);
  });
});
