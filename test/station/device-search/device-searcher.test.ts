import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { DeviceSearcher } from '../../../src/station/device-search/device-searcher.ts';
import { devicePage, findDevices } from '../../../src/station/devices/find-devices.ts';
import { coreForTest, readAttempt, type TestCore } from '../station-fixture.ts';

function searcherFor(t: TestContext, core: TestCore): DeviceSearcher {
  const searcher = new DeviceSearcher(core.directory.ledgerFile, { fillEveryMs: 20 });
  t.after(() => searcher.close());
  return searcher;
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); ) {
    assert.ok(Date.now() < end, 'did not come about within 10 s');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

describe('DeviceSearcher', () => {
  it('answers off this thread what the ledger itself answers, and takes new devices into the index', async t => {
    using core = coreForTest();
    const searcher = searcherFor(t, core);
    for (let n = 1; n <= 3; n += 1) recordAttempt(core, readAttempt(n, `SN-2026-${n}`));
    searcher.start();
    await until(() => core.ledger.deviceIndex.through() === 3);
    recordAttempt(core, readAttempt(4, 'SN-2026-4'));
    const asked = [{ text: 'SN-2026' }, { text: '026-' }, { text: '', enrollment: 'queued' as const }];
    for (const question of asked) {
      const page = await searcher.find(question, { limit: 2 });
      // Its cursor says how far the index was: the thread may have taken in a device since.
      const { devices } = devicePage(core.ledger, question, { limit: 2 });
      assert.deepEqual(page.devices, devices, JSON.stringify(question));
      const rest = await searcher.find(question, { limit: 9, after: page.next });
      assert.equal(page.devices.length + rest.devices.length, 4);
    }
    await until(() => core.ledger.deviceIndex.through() === 4);
  });

  it('gives questions up at once, and answers the others', async t => {
    using core = coreForTest();
    const searcher = searcherFor(t, core);
    recordAttempt(core, readAttempt(1, 'SN-1'));
    const begun = searcher.find({ text: 'SN' }, { limit: 1 });
    const asked: AbortController[] = [];
    const given = Array.from({ length: 50 }, () => {
      const controller = new AbortController();
      asked.push(controller);
      return searcher.find({ text: 'SN' }, { limit: 1 }, controller.signal);
    });
    const last = searcher.find({ text: 'SN-1' }, { limit: 1 });
    for (const controller of asked) controller.abort(new Error('typed on'));
    for (const one of given) await assert.rejects(one, /typed on/);
    assert.equal((await begun).devices[0]!.serial, 'SN-1');
    assert.equal((await last).devices.length, 1);
    const late = new AbortController();
    late.abort(new Error('typed on'));
    assert.throws(() => searcher.find({ text: '' }, { limit: 1 }, late.signal), /typed on/);
  });

  it('fails a question whose thread cannot open the ledger, and a question after the end', async t => {
    using core = coreForTest();
    const lost = new DeviceSearcher(`${core.folder}/nothing.db`);
    t.after(() => lost.close());
    await assert.rejects(lost.find({ text: '' }, { limit: 1 }));
    await assert.rejects(lost.find({ text: '' }, { limit: 1 }));
    const searcher = searcherFor(t, core);
    await searcher.find({ text: '' }, { limit: 1 });
    await searcher.close();
    await assert.rejects(searcher.find({ text: '' }, { limit: 1 }), /closed/);
  });

  it('finds as many as are wanted without a thread, the index filled first', () => {
    using core = coreForTest();
    for (let n = 1; n <= 5; n += 1) recordAttempt(core, readAttempt(n, n === 1 ? '9-SN' : `SN-${n}-9-SN`));
    assert.deepEqual(
      findDevices(core, '9-SN', 3).map(device => device.serial),
      ['9-SN', 'SN-5-9-SN', 'SN-4-9-SN'],
    );
    assert.equal(core.ledger.deviceIndex.through(), 5);
  });
});
