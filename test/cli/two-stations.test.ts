/**
 * Two stations, one TPM, two serials: both offline, then both online, by the command line alone, against a real swtpm and
 * the emulator. The second one is `clone-elsewhere`, and a supervisor decides.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DutShelf } from '../harvest/virtual-dut.ts';
import { EmulatedDps } from '../outbox/emulated-dps.ts';
import { missing } from '../parts.ts';
import { documentOf, type Ended, keyline } from './run-keyline.ts';

describe('two stations, one endorsement key, two serials', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const shelf = new DutShelf();
  let folder: string;
  let dps: EmulatedDps;
  const pin = '240817';

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'keyline-two-stations-'));
    dps = await EmulatedDps.start();
  });
  after(async () => {
    await dps.close();
    await shelf.clear();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (station: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
    keyline([...args, '--json'], {
      dataDir: path.join(folder, station),
      env: {
        KEYLINE_REHEARSAL: '1',
        KEYLINE_DPS_CONNECTION_STRING: dps.emulator.connectionString,
        KEYLINE_DPS_CA_FILE: dps.emulator.caFile,
        ...env,
      },
    });
  const ok = async (...call: Parameters<typeof at>) => {
    const ended = await at(...call);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    return documentOf(ended);
  };

  it('O2 H6 finds the second one out, loses nothing, and does what a supervisor decides', async () => {
    const dut = await shelf.take('certified');
    await dps.emulator.stopListening();
    const first = await ok('one', ['harvest', '--bridge', dut.bridge, '--serial', 'SN-1']);
    const second = await ok('two', ['harvest', '--bridge', dut.bridge, '--serial', 'SN-2']);
    assert.equal(first.ekSha256, second.ekSha256);
    const offline = await Promise.all(['one', 'two'].map(station => at(station, ['sync', '--once'])));
    assert.deepEqual(
      offline.map(ended => [ended.code, documentOf(ended).remaining]),
      Array(2).fill([5, 1]),
    );
    await dps.emulator.listenAgain();
    assert.equal((await ok('one', ['sync', '--once'])).enrolled, 1);
    const synced = await at('two', ['sync', '--once']);
    assert.deepEqual([synced.code, documentOf(synced).conflicts], [4, 1]);

    const { entries } = (await ok('two', ['queue', 'list'])) as { entries: Record<string, string>[] };
    assert.deepEqual(
      entries.map(({ state, reason, serial }) => [state, reason, serial]),
      [['conflict', 'clone-elsewhere', 'SN-2']],
    );
    const entryId = entries[0]!.entryId!;
    const shown = await keyline(['queue', 'show', entryId], { dataDir: path.join(folder, 'two') });
    assert.match(shown.stdout, /under another serial/);
    assert.match(shown.stdout, /≠ +serial +SN-2 +SN-1/);
    const digest = String(first.ekSha256)
      .slice(0, 16)
      .replace(/(.{4})(?=.)/g, '$1 ');
    assert.match(shown.stdout, new RegExp(` endorsementKey +${digest} +${digest}`));

    const resolve = ['queue', 'resolve', entryId, '--decision', 'replace', '--reason', 'label was swapped'];
    const alone = await at('two', resolve);
    assert.deepEqual([alone.code, documentOf(alone).code], [4, 'sign-in-needed']);
    await ok('two', ['people', 'add', 'mina', '--name', 'Mina', '--role', 'supervisor'], {
      KEYLINE_NEW_PIN: pin,
    });
    const resolved = await ok('two', [...resolve, '--as', 'mina'], { KEYLINE_PIN: pin });
    assert.deepEqual([resolved.state, resolved.decision], ['cancelled', 'replace']);
    await ok('two', ['sync', '--once']);
    const record = await dps.connect().get(String(first.registrationId));
    assert.equal((record!.optionalDeviceInformation as { serial: string }).serial, 'SN-2');
    const { enrollments } = await dps.state();
    assert.deepEqual(
      enrollments.map(({ created, overwritten }) => [created, overwritten]),
      [[1, 1]],
    );
    assert.equal((await ok('two', ['audit', 'verify'])).ok, true);
    assert.doesNotMatch(readFileSync(path.join(folder, 'two', 'ledger.sqlite'), 'latin1'), /240817/);
  });
});
