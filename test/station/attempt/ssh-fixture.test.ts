/** A fixture with an `ssh:` bridge in a station: who signs in, which host is believed, and what the verdict says. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { makeKey, startSshDut } from '../../../scripts/virtual-dut/ssh-dut.ts';
import { harvestDevice } from '../../../src/station/attempt/harvest-device.ts';
import { sshAccessOf } from '../../../src/station/attempt/ssh-access.ts';
import { readTpm } from '../../../src/station/attempt/tpm-info.ts';
import { examineStation } from '../../../src/station/doctor/doctor.ts';
import { DutShelf } from '../../harvest/virtual-dut.ts';
import { missing, missingSshd } from '../../parts.ts';
import { cleanUp } from '../../tcti/bridges.ts';
import { coreForTest, entriesOf, temporaryFolder } from '../station-fixture.ts';

const skip = missing('swtpm', 'swtpm-tools', 'tpm2-tools', 'socat') || missingSshd();

describe('a fixture behind ssh', { skip }, () => {
  const shelf = new DutShelf();
  after(() => shelf.clear());

  async function startDut(context: TestContext) {
    const later = cleanUp(context);
    const swtpm = await shelf.take('certified');
    return startSshDut({ way: 'tpm2_send', tcti: swtpm.bridge }, later);
  }

  it('is harvested with the key of its configuration, and its host key recorded and checked', async context => {
    const dut = await startDut(context);
    const configuration = {
      fixtures: [{ id: 'A', bridge: dut.conf, ssh: { identityFile: dut.identityFile } }],
    };
    using core = coreForTest({ configuration });
    const harvest = () =>
      harvestDevice(core, { bridge: dut.conf, fixture: 'A', serial: 'SN-1', account: 'os:test' });
    const passed = await harvest();
    assert.deepEqual([passed.code, passed.possession], ['passed', 'proved'], JSON.stringify(passed));
    const [file = ''] = readdirSync(core.directory.knownHostsDirectory);
    const findings = await examineStation(core.folder, new AbortController().signal);
    assert.equal(findings.find(({ check }) => check === 'fixture A')?.state, 'good');
    writeFileSync(path.join(core.directory.knownHostsDirectory, file), makeKey().fingerprint);
    const refused = await harvest();
    assert.deepEqual([refused.verdict, refused.code], ['failed', 'bridge-host-key']);
    assert.match(refused.detail ?? '', new RegExp(dut.hostKey.slice(7, 20).replaceAll(/[+/]/g, '.')));
  });

  it('is believed by its pinned host key alone', async context => {
    const dut = await startDut(context);
    const fixture = (id: string, knownHostKey: string) => ({
      id,
      bridge: dut.conf,
      ssh: { identityFile: dut.identityFile, knownHostKey },
    });
    using core = coreForTest({
      configuration: { fixtures: [fixture('right', dut.hostKey), fixture('wrong', makeKey().fingerprint)] },
    });
    const harvest = (id: string) =>
      harvestDevice(core, { bridge: dut.conf, fixture: id, serial: 'SN-1', account: 'os:test' });
    assert.equal((await harvest('right')).code, 'passed');
    assert.equal((await harvest('wrong')).code, 'bridge-host-key');
  });

  it('H10 another serial inside the device is refused, recorded with both, and replayed so', async context => {
    const dut = await startDut(context);
    using core = coreForTest({
      configuration: {
        fixtures: [{ id: 'A', bridge: dut.conf, ssh: { identityFile: dut.identityFile } }],
        products: [{ name: 'board', dutSerial: { command: 'echo SN-1' } }],
      },
    });
    const record = path.join(core.folder, 'other.jsonl');
    const harvest = (serial: string, changes: { bridge?: string; record?: string } = {}) =>
      harvestDevice(core, { bridge: dut.conf, fixture: 'A', serial, account: 'os:test', ...changes });
    const refused = await harvest('SN-2', { record });
    assert.deepEqual(
      [refused.verdict, refused.code],
      ['refused', 'dut-serial-differs'],
      JSON.stringify(refused),
    );
    const found = { status: 'differs', serial: 'SN-1' };
    assert.deepEqual(refused.dutSerial, found);
    const { data } = entriesOf(core).at(-1)!;
    assert.deepEqual([data.serial, data.dutSerial], ['SN-2', found]);
    const replayed = await harvest('SN-2', { bridge: `replay:${record}` });
    assert.deepEqual([replayed.code, replayed.dutSerial], ['dut-serial-differs', found]);
    const passed = await harvest('SN-1');
    assert.deepEqual([passed.code, passed.dutSerial], ['passed', { status: 'same', serial: 'SN-1' }]);
  });

  it('tpm info signs in as the account that runs it, and only so', async context => {
    const dut = await startDut(context);
    const folder = temporaryFolder();
    context.after(() => rmSync(folder, { recursive: true }));
    const look = readTpm({ bridge: dut.conf, dataDirectory: folder });
    // The account that runs the tests has no key for this DUT.
    await assert.rejects(look, { code: 'not-permitted' });
  });
});

it('S2 a fixture’s password comes from the secret store and goes nowhere else', () => {
  using core = coreForTest({ configuration: { fixtures: [{ id: 'a/b', bridge: 'ssh:root@dut' }] } });
  mkdirSync(core.directory.secretsDirectory, { recursive: true });
  writeFileSync(path.join(core.directory.secretsDirectory, 'ssh-a%2Fb'), 's3cret\n', { mode: 0o600 });
  assert.deepEqual(sshAccessOf(core, 'a/b').credentials.at(-1), { kind: 'password', password: 's3cret' });
  assert.ok(sshAccessOf(core, undefined).credentials.every(({ kind }) => kind !== 'password'));
});
