/** The station as the kiosk drives it, on real software TPMs. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openLedger } from '../../../db/ledger-file.ts';
import { waitFor } from '../../../scripts/demo/kiosk-hand.ts';
import { makeSwtpmState } from '../../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../../scripts/virtual-dut/start-swtpm.ts';
import { openStation, type Station } from '../../../src/station/open-station.ts';
import type { LiveEvent } from '../../../src/station/views.ts';
import { missing } from '../../parts.ts';
import { temporaryFolder } from '../station-fixture.ts';

describe('the kiosk of a station', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const folder = temporaryFolder();
  const dataDirectory = path.join(folder, 'station');
  let dut: Swtpm;
  let mute: Server;
  let station: Station;

  before(async () => {
    const stateDir = path.join(folder, 'dut');
    mkdirSync(stateDir);
    await makeSwtpmState(stateDir, { ek: 'persisted', caDir: path.join(folder, 'ca') });
    dut = await startSwtpm({ stateDir });
    mute = createServer(socket => socket.on('error', () => {}));
    await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve));
    mkdirSync(dataDirectory);
    const fixtures = [
      { id: 'good', name: 'Good', bridge: dut.bridge },
      { id: 'mute', bridge: `swtpm:host=127.0.0.1,port=${(mute.address() as AddressInfo).port}` },
    ];
    const products = [{ name: 'gateway', serialPattern: 'SN-\\d+', gtin: '09506000134352' }];
    writeFileSync(path.join(dataDirectory, 'keyline.json'), JSON.stringify({ fixtures, products }));
    station = await openStation({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' } });
  });
  after(async () => {
    await station.close();
    await dut.stop();
    mute.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells of itself and its idle fixtures', () => {
    const view = station.kiosk.view();
    assert.deepEqual(
      view.fixtures.map(f => [f.number, f.id, f.name, f.state]),
      [
        [1, 'good', 'Good', 'idle'],
        [2, 'mute', 'mute', 'idle'],
      ],
    );
    assert.deepEqual(
      [view.station.rehearsal, view.station.product, view.connection.state],
      [true, 'gateway', 'not-configured'],
    );
  });

  it('puts a scan into the first idle fixture, and never over something by itself', () => {
    const { kiosk } = station;
    assert.deepEqual(kiosk.scan({ text: 'SN-1\r' }), { ok: true, fixture: 'good' });
    assert.deepEqual(kiosk.scan({ text: 'SN-1' }), {
      ok: false,
      code: 'already-in-fixture',
      fixture: 'good',
    });
    assert.deepEqual(kiosk.scan({ text: 'SN-2' }), { ok: true, fixture: 'mute' });
    assert.deepEqual(kiosk.scan({ text: 'SN-3' }), { ok: false, code: 'choose-fixture' });
    assert.deepEqual(kiosk.scan({ text: 'SN-3', fixture: 'mute' }), { ok: true, fixture: 'mute' });
    assert.deepEqual(kiosk.scan({ text: 'SN-4', fixture: 'none' }), { ok: false, code: 'unknown-fixture' });
    for (const [text, code] of [
      ['', 'serial-missing'],
      ['SN\u0000', 'serial-characters'],
      ['other', 'serial-pattern'],
      // GS1 labels: cut short, of another product, and a whole one whose serial does not fit the product.
      [']d20109506000134352', 'label-without-serial'],
      [']d2010950600013435', 'label-unreadable'],
      [']d2010401234500000921SN-9', 'label-other-product'],
      [']d2010950600013435221other', 'serial-pattern'],
    ] as const)
      assert.deepEqual(kiosk.scan({ text }), { ok: false, code });
  });

  it('H5 shows PASS only when another reader finds the device in the ledger, while a mute fixture keeps nobody waiting', async () => {
    const { kiosk } = station;
    const events: LiveEvent[] = [];
    let recordedAtPass: string | undefined;
    const leave = kiosk.subscribe(event => {
      events.push(event);
      if (event.kind !== 'fixture' || event.fixture.verdict?.verdict !== 'passed') return;
      const reader = openLedger(path.join(dataDirectory, 'ledger.sqlite'));
      recordedAtPass = reader.devices.bySerial('SN-1', 'gateway')?.registration_id;
      reader.close();
    });
    assert.deepEqual(await kiosk.start({}), { ok: true, started: 2 });
    assert.deepEqual(await kiosk.start({ fixture: 'mute' }), { ok: false, code: 'running' });
    assert.deepEqual(kiosk.scan({ text: 'SN-9', fixture: 'mute' }), {
      ok: false,
      code: 'running',
      fixture: 'mute',
    });
    assert.deepEqual(await kiosk.clear({ fixture: 'mute' }), { ok: false, code: 'running' });
    const view = await waitFor(kiosk, 'the good one decides', v => v.fixtures[0]!.state === 'decided');
    const [good, other] = view.fixtures;
    assert.equal(good!.verdict!.code, 'passed');
    assert.equal(recordedAtPass, good!.verdict!.registrationId);
    assert.equal(good!.verdict!.tpm, 'IBM SW TPM');
    assert.deepEqual(
      good!.steps.map(step => step.state),
      ['done', 'done', 'done', 'done', 'done', 'done'],
    );
    assert.equal(other!.state, 'running');
    const seen = events.flatMap(e =>
      e.kind === 'fixture' && e.fixture.id === 'good'
        ? e.fixture.steps.filter(s => s.state === 'running').map(s => s.step)
        : [],
    );
    assert.deepEqual([...new Set(seen)], ['connect', 'tpm', 'key', 'certificate', 'proof', 'record']);
    leave();
  });

  it('H4 stops a running fixture when asked, and records that', async () => {
    const { kiosk } = station;
    assert.deepEqual(await kiosk.stop({ fixture: 'mute' }), { ok: true });
    const view = await waitFor(kiosk, 'it is stopped', v => v.fixtures[1]!.state === 'decided');
    assert.deepEqual(
      [view.fixtures[1]!.verdict!.verdict, view.fixtures[1]!.verdict!.code],
      ['failed', 'cancelled'],
    );
    assert.equal(station.core.ledger.harvests.ofSerial('SN-3')[0]!.code, 'cancelled');
    assert.deepEqual(await kiosk.stop({ fixture: 'mute' }), { ok: false, code: 'not-running' });
  });

  it('puts a serial that was decided back into its own fixture, whose board it is, and not into a free one', async () => {
    const { kiosk } = station;
    await kiosk.clear({ fixture: 'good' });
    assert.equal(kiosk.view().fixtures[1]!.state, 'decided');
    assert.deepEqual(kiosk.scan({ text: 'SN-3' }), { ok: true, fixture: 'mute' });
    await kiosk.clear({ fixture: 'mute' });
    assert.deepEqual(kiosk.scan({ text: 'SN-1' }), { ok: true, fixture: 'good' });
  });

  it('takes a verdict off, and counts the day', async () => {
    const { kiosk } = station;
    assert.deepEqual(await kiosk.clear({ fixture: 'good' }), { ok: true });
    assert.equal(kiosk.view().fixtures[0]!.state, 'idle');
    assert.deepEqual(await kiosk.start({}), { ok: false, code: 'nothing-armed' });
    const view = await waitFor(kiosk, 'the counts are told', v => v.today.attempts === 2);
    const { passed, firstPassYield, withoutContact } = view.today;
    assert.deepEqual([passed, firstPassYield, withoutContact, view.outbox.queued], [1, 1, 1, 1]);
  });

  it('closes in the middle of a harvest: the attempt is recorded, and nothing reads the ledger afterwards', async () => {
    const other = await openStation({ dataDirectory, env: {} });
    await other.kiosk.scan({ text: 'SN-77', fixture: 'mute' });
    await other.kiosk.start({});
    await waitFor(other.kiosk, 'it runs', v => v.fixtures[1]!.state === 'running');
    await other.close();
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(station.core.ledger.harvests.ofSerial('SN-77')[0]!.code, 'cancelled');
  });

  it('notices what another process recorded', async () => {
    const other = await openStation({ dataDirectory, env: {} });
    assert.equal(other.kiosk.view().connection.state, 'not-configured');
    await other.kiosk.scan({ text: 'SN-1', fixture: 'good' });
    await other.kiosk.start({});
    await waitFor(station.kiosk, 'the retest of the other process', v => v.today.attempts === 4);
    await other.close();
  });
});
