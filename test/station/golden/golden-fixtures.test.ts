/** The golden check at the fixtures of a kiosk, through the whole chain on a real software TPM. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { waitFor } from '../../../scripts/demo/kiosk-hand.ts';
import { makeSwtpmState } from '../../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../../scripts/virtual-dut/start-swtpm.ts';
import { harvestDevice } from '../../../src/station/attempt/harvest-device.ts';
import { openStation, type Station } from '../../../src/station/open-station.ts';
import { missing } from '../../parts.ts';
import { temporaryFolder } from '../station-fixture.ts';

describe('fixtures that want a golden check', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const folder = temporaryFolder();
  const dataDirectory = path.join(folder, 'station');
  let dut: Swtpm;
  let station: Station;

  before(async () => {
    const stateDir = path.join(folder, 'dut');
    mkdirSync(stateDir);
    await makeSwtpmState(stateDir, { ek: 'persisted', caDir: path.join(folder, 'ca') });
    dut = await startSwtpm({ stateDir });
    mkdirSync(dataDirectory);
    writeFileSync(
      path.join(dataDirectory, 'keyline.json'),
      JSON.stringify({
        station: { goldenCheck: { units: [{ serial: 'GOLD-1' }], required: true } },
        fixtures: [
          // Nobody listens there.
          { id: 'dead', bridge: 'swtpm:host=127.0.0.1,port=9' },
          { id: 'good', bridge: dut.bridge },
        ],
      }),
    );
    station = await openStation({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' } });
  });
  after(async () => {
    await station.close();
    await dut.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const states = () => station.kiosk.view().fixtures.map(({ golden }) => golden?.state);
  /** Scans, starts, and waits for the verdict at this fixture. */
  async function test(text: string, fixture: string) {
    const { kiosk } = station;
    assert.deepEqual(await kiosk.scan({ text, fixture }), { ok: true, fixture });
    await kiosk.start({ fixture });
    const view = await waitFor(kiosk, `${text} is decided`, v =>
      v.fixtures.some(each => each.id === fixture && each.state === 'decided'),
    );
    return view.fixtures.find(each => each.id === fixture)!.verdict!;
  }

  it('take no other unit before, and say what is due', async () => {
    const { kiosk } = station;
    assert.deepEqual(states(), ['due', 'due']);
    assert.deepEqual(await kiosk.scan({ text: 'SN-1', fixture: 'good' }), {
      ok: false,
      code: 'golden-check-due',
      fixture: 'good',
    });
    assert.deepEqual(await kiosk.scan({ text: 'GOLD-1' }), { ok: true, fixture: 'dead' });
    await kiosk.clear({ fixture: 'dead' });
  });

  it('take none from the command line either', async () => {
    const { bridge } = station.core.configuration.fixtures[1]!;
    const request = { bridge, serial: 'SN-1', fixture: 'good', account: 'os:test' };
    await assert.rejects(harvestDevice(station.core, request), { code: 'golden-check-due' });
  });

  it('are checked by a scan of the reference unit, each by itself; nothing of it is enrolled or counted', async () => {
    const passed = await test('GOLD-1', 'good');
    assert.deepEqual([passed.verdict, passed.code, passed.golden], ['passed', 'golden-passed', true]);
    assert.deepEqual(states(), ['due', 'checked']);
    const failed = await test('GOLD-1', 'dead');
    assert.deepEqual([failed.verdict, failed.golden], ['failed', true]);
    assert.deepEqual(states(), ['failed', 'checked']);
    const { today, outbox } = station.kiosk.view();
    assert.deepEqual([today.attempts, today.passed, outbox.queued], [0, 0, 0]);
  });

  it('then test units where the check holds, and nowhere else', async () => {
    const { kiosk } = station;
    await kiosk.clear({ fixture: 'good' });
    // The dead one is free, too, and comes first.
    await kiosk.clear({ fixture: 'dead' });
    assert.deepEqual(await kiosk.scan({ text: 'SN-1' }), { ok: true, fixture: 'good' });
    const verdict = await test('SN-1', 'good');
    // It is the same TPM: a reference unit under another serial is no device.
    assert.equal(verdict.code, 'golden-unit');
    assert.deepEqual(await kiosk.scan({ text: 'SN-2', fixture: 'dead' }), {
      ok: false,
      code: 'golden-check-due',
      fixture: 'dead',
    });
  });
});
