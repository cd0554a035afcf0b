/** The settings at a window of a real station: who may, what is saved, and what the running kiosk makes of it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { waitFor } from '../../../scripts/demo/kiosk-hand.ts';
import type { KioskWindow } from '../../../src/station/kiosk/kiosk-station.ts';
import type { Settings, SettingsView } from '../../../src/station/kiosk/settings-view.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { openStation, type Station } from '../../../src/station/open-station.ts';
import { changeConfiguration } from '../../../src/station/settings/change-configuration.ts';
import type { LiveEvent } from '../../../src/station/views.ts';
import { DutShelf } from '../../harvest/virtual-dut.ts';
import { missing } from '../../parts.ts';
import { entriesOf, temporaryFolder } from '../station-fixture.ts';

const pin = '240817';

describe('the settings at a window', () => {
  const folder = temporaryFolder();
  let mute: Server;
  let station: Station;
  let window: KioskWindow;

  before(async () => {
    // It takes the connection and then says nothing: a run there lasts until it is stopped.
    mute = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const fixtures = [
      { id: 'mute', bridge: `swtpm:host=127.0.0.1,port=${(mute.address() as AddressInfo).port}` },
      { id: 'command', bridge: 'cmd:hunter2' },
    ];
    const products = [{ name: 'GX', dutSerial: { command: 'hunter3', unread: 'warn' } }];
    writeFileSync(path.join(folder, 'keyline.json'), JSON.stringify({ fixtures, products }));
    station = await openStation({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1' } });
    window = station.kiosk.openWindow({ own: true });
    assert.ok((await window.addFirstSupervisor({ id: 'mina', name: 'Mina', pin })).ok);
    const park = { id: 'park', name: 'Park', role: 'operator', pin: '913572' } as const;
    assert.ok((await window.people.add(park)).ok);
  });
  after(async () => {
    await station.close();
    mute.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const read = async (): Promise<SettingsView> => {
    const answer = await window.settings.read();
    assert.ok(answer.ok);
    return answer.view;
  };
  const file = () => JSON.parse(readFileSync(path.join(folder, 'keyline.json'), 'utf8'));
  /** @param change of what the file has now */
  const save = async (change: (settings: Record<string, unknown>) => object) => {
    const { settings, revision } = await read();
    return window.settings.save({
      settings: change(structuredClone(settings) as never) as Settings,
      revision,
    });
  };
  const kinds = (events: readonly LiveEvent[]) => events.map(({ kind }) => kind);

  it('S1 is a supervisor’s and an engineer’s: nobody else reads, checks or tries anything', async () => {
    const other = station.kiosk.openWindow({ own: false });
    const { settings } = other;
    const none = { settings: {}, revision: null };
    assert.partialDeepStrictEqual(await settings.read(), { ok: false, code: 'sign-in-needed' });
    assert.ok((await other.signIn({ id: 'park', pin: '913572' })).ok);
    const answers = await Promise.all([
      settings.read(),
      settings.check(none),
      settings.save(none),
      settings.testFixture({ settings: {}, fixture: 'mute' }),
      settings.testDps(),
      settings.preview({ settings: {}, product: 'GX', serial: 'S' }),
      settings.setDpsKey({ secret: 'x', offline: true, otherInstance: false }),
      settings.forgetDpsKey(),
      settings.trust(),
      settings.addTrusted({ name: 'a.pem', content: '' }),
      settings.removeTrusted({ file: 'a.pem' }),
    ]);
    assert.deepEqual(
      answers.map(answer => !answer.ok && answer.code),
      answers.map(() => 'role-missing'),
    );
    other.close();
  });

  it('§5 shows no command, takes none, and keeps those of the file', async () => {
    const { settings } = await read();
    assert.ok(!JSON.stringify(settings).includes('hunter'));
    const kept = await save(now => ({ ...now, station: { line: 'L9' } }));
    assert.ok(kept.ok, JSON.stringify(kept));
    assert.equal(file().fixtures[1].bridge, 'cmd:hunter2');
    assert.equal(file().products[0].dutSerial.command, 'hunter3');
    for (const wrong of [
      { fixtures: [{ id: 'command', bridge: 'cmd:other' }] },
      { fixtures: [{ id: 'new', bridge: 'cmd:…' }] },
      { fixtures: [{ id: 'new', bridge: 'replay:/etc/passwd' }] },
      { products: [{ name: 'GX', dutSerial: { command: 'other' } }] },
      { products: [{ name: 'other', dutSerial: { command: '…' } }] },
      { dps: { host: 'p.azure-devices-provisioning.net', entra: { signIn: 'managed-identity' } } },
    ]) {
      const answer = await save(now => ({ ...now, ...wrong }));
      assert.partialDeepStrictEqual(answer, { ok: false, code: 'configuration-refused' });
      assert.ok(!answer.ok && answer.faults?.some(({ code }) => code === 'file-only'), JSON.stringify(wrong));
      const [fixture] = (wrong.fixtures ?? []) as { id: string }[];
      if (fixture)
        assert.ok(!(await window.settings.testFixture({ settings: wrong, fixture: fixture.id })).ok);
    }
    assert.equal(file().fixtures.length, 2);
  });

  it('counts at once at every window, and a run ends with what it began with', async () => {
    assert.deepEqual(window.scan({ text: 'SN-1', fixture: 'mute' }), { ok: true, fixture: 'mute' });
    window.start({ fixture: 'mute' });
    const { settings } = await read();
    assert.partialDeepStrictEqual(await window.settings.testFixture({ settings, fixture: 'mute' }), {
      ok: false,
      code: 'fixture-running',
    });
    const events: LiveEvent[] = [];
    const leave = window.subscribe(event => void events.push(event));
    const fixtures = [{ id: 'new', name: 'New', bridge: 'device:/dev/none' }];
    assert.ok((await save(now => ({ ...now, station: { name: 'S9' }, fixtures }))).ok);
    assert.ok(kinds(events).includes('settings'));
    const { station: shown, fixtures: places } = window.view();
    assert.equal(shown.name, 'S9');
    assert.deepEqual(
      places.map(({ number, id, state }) => `${number} ${id} ${state}`),
      ['1 new idle', '2 mute running'],
    );
    window.stop({ fixture: 'mute' });
    await waitFor(station.kiosk, 'the run to end', view => view.fixtures.length === 1);
    assert.equal(entriesOf(station.core).at(-1)?.type, 'harvest');
    leave();
  });

  it('follows what another process imports, without a restart', async () => {
    const other = openCore({ dataDirectory: folder, env: {} });
    const who = { proof: 'pin', personId: other.ledger.persons.byAccount('person:mina')!.person_id } as const;
    changeConfiguration(other, { json: { station: { name: 'S10', lockMinutes: 0 } }, how: 'import', who });
    other.close();
    await waitFor(station.kiosk, 'the import', view => view.station.name === 'S10');
    assert.deepEqual(window.view().fixtures, []);
  });

  it('loses no change of somebody else, and says while one writes that there is one', async () => {
    const { settings, revision } = await read();
    assert.ok((await save(now => ({ ...now, station: { name: 'theirs' } }))).ok);
    const mine = { settings: { ...settings, station: { name: 'mine' } }, revision };
    const check = await window.settings.check(mine);
    assert.ok(check.ok && check.check.isOutdated);
    assert.partialDeepStrictEqual(await window.settings.save(mine), { code: 'configuration-changed' });
    assert.equal(file().station.name, 'theirs');
  });

  it('previews the document that DPS would be sent, for a serial that the product takes', async () => {
    const settings = {
      products: [
        { name: 'GX', serialPattern: 'GX-\\d+', registrationId: 'gx-{serial}', deviceId: '{serial}' },
      ],
    };
    const preview = async (serial: string) => {
      const answer = await window.settings.preview({ settings, product: 'GX', serial });
      assert.ok(answer.ok);
      return answer.preview;
    };
    assert.partialDeepStrictEqual(await preview('GY-1'), { serial: { ok: false, code: 'serial-pattern' } });
    const { document } = await preview(' GX-7\r');
    assert.partialDeepStrictEqual(JSON.parse(document!), {
      registrationId: 'gx-gx-7',
      deviceId: 'GX-7',
      optionalDeviceInformation: { serial: 'GX-7', stationId: station.core.identity.stationId },
      provisioningStatus: 'enabled',
    });
  });

  it('S2 keeps a key, names what is wrong with one, and shows neither', async () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const secret = `HostName=127.0.0.1:9;SharedAccessKeyName=line;SharedAccessKey=${key}`;
    const ask = (given: string) =>
      window.settings.setDpsKey({ secret: given, offline: true, otherInstance: false });
    assert.partialDeepStrictEqual(await ask('nonsense'), { ok: false, code: 'connection-string-invalid' });
    const taken = await ask(secret);
    assert.partialDeepStrictEqual(taken, { ok: true, key: { identity: 'line', source: 'store' } });
    const tested = await window.settings.testDps();
    assert.ok(tested.ok);
    assert.deepEqual(
      tested.test.checks.map(({ check, state }) => `${check} ${state}`),
      ['key good', 'reach bad'],
    );
    const said = JSON.stringify([taken, tested, await read(), entriesOf(station.core)]);
    assert.ok(!said.includes(key));
    assert.partialDeepStrictEqual(await window.settings.forgetDpsKey(), { ok: true });
    assert.partialDeepStrictEqual((await read()).dpsKey, { source: null });
  });

  it('A1 keeps the trust store, with each change in the audit, and takes nothing else than CA certificates', async () => {
    const add = (name: string, content: string | Buffer) =>
      window.settings.addTrusted({ name, content: Buffer.from(content).toString('base64') });
    const codes = [];
    for (const [name, content] of [
      ['a.pem', 'no certificate'],
      ['a.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
      ['..', 'x'],
      ['.hidden', 'x'],
    ] as const) {
      const answer = await add(name, content);
      codes.push(answer.ok || answer.code);
    }
    assert.deepEqual(codes, ['no-certificate', 'pem-foreign', 'trust-name', 'trust-name']);
    mkdirSync(path.join(folder, 'trust'), { recursive: true });
    writeFileSync(path.join(folder, 'trust', 'readme.txt'), 'nothing');
    const seen = await window.settings.trust();
    assert.partialDeepStrictEqual(seen, {
      ok: true,
      trust: { certificates: [], setAside: [{ file: 'readme.txt', code: 'no-certificate' }] },
    });
    for (const file of ['../keyline.json', '../secrets/station-key', 'none.pem'])
      assert.partialDeepStrictEqual(await window.settings.removeTrusted({ file }), { code: 'trust-gone' });
    assert.ok((await window.settings.removeTrusted({ file: 'readme.txt' })).ok);
    assert.ok(!existsSync(path.join(folder, 'trust', 'readme.txt')));
    assert.ok(existsSync(path.join(folder, 'keyline.json')));
    assert.deepEqual(entriesOf(station.core).at(-1)?.data, {
      change: 'removed',
      file: 'readme.txt',
      certificates: [],
    });
  });

  it('finds the TPM of a fixture, with its maker, keys and certificates', {
    skip: missing('swtpm', 'swtpm-tools'),
  }, async () => {
    const shelf = new DutShelf();
    try {
      const dut = await shelf.take('certified');
      const settings = { fixtures: [{ id: 'dut', bridge: dut.bridge }] };
      const answer = await window.settings.testFixture({ settings, fixture: 'dut' });
      assert.partialDeepStrictEqual(answer, {
        ok: true,
        test: { found: true, tpm: { isSimulator: true, fit: true, manufacturer: 'IBM' } },
      });
      const { test } = answer as Extract<typeof answer, { ok: true }>;
      assert.ok(test.found && test.tpm.certificates > 0 && test.tpm.keys.length > 0, JSON.stringify(test));
      await dut.stop();
      assert.partialDeepStrictEqual(await window.settings.testFixture({ settings, fixture: 'dut' }), {
        ok: true,
        test: { found: false, code: 'bridge-unreachable' },
      });
    } finally {
      await shelf.clear();
    }
  });
});
