/** Devices over the API, on a real station core and its thread: bounded, given up, and by pages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { StationDevices } from '../../src/station/kiosk/device-desk.ts';
import { coreForTest, readAttempt } from '../station/station-fixture.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: devices are found page by page, and one is told of whole`, async () => {
    using core = coreForTest();
    for (let n = 1; n <= 5; n += 1)
      recordAttempt(core, readAttempt(n, `SN-${n}`, { workOrder: n > 3 ? 'W-2' : 'W-1' }));
    recordAttempt(core, readAttempt(1, 'SN-9'));
    const devices = new StationDevices(core);
    const { api, end } = await open({ station: scriptedStation({ devices }), onFault: unexpected });
    const first = await api.findDevices({ text: 'SN-', limit: 3 });
    assert.deepEqual(
      first.devices.map(device => [device.serial, device.enrollment]),
      [1, 2, 3].map(n => [`SN-${n}`, 'queued']),
    );
    const rest = await api.findDevices({ text: 'SN-', limit: 3, after: first.next! });
    assert.deepEqual(
      rest.devices.map(device => device.serial),
      ['SN-4', 'SN-5'],
    );
    const lot = await api.findDevices({
      text: '',
      workOrder: 'W-2',
      enrollment: 'queued',
      since: 1,
      limit: 9,
    });
    assert.deepEqual(
      lot.devices.map(device => device.serial),
      ['SN-5', 'SN-4'],
    );

    const told = await api.showDevice({ id: first.devices[0]!.deviceId });
    assert.ok(told.ok);
    const { attempts, entries } = told.device;
    assert.deepEqual(
      attempts.map(attempt => [attempt.serial, attempt.verdict, attempt.code]),
      [
        ['SN-9', 'refused', 'clone'],
        ['SN-1', 'passed', 'passed'],
      ],
    );
    assert.match(attempts[0]!.leafHash, /^[0-9a-f]{64}$/);
    const document = entries[0]!.document as { readonly registrationId: string };
    assert.equal(document.registrationId, told.device.registrationId);
    assert.deepEqual(await api.showDevice({ id: 'SN-1' }), { ok: false, code: 'device-unknown' });
    assert.deepEqual(await api.showDevice({ id: 'nothing' }), { ok: false, code: 'device-unknown' });
    await end();
    await devices.close();
  });

  test(`${name}: a search that is given up ends at once and is no fault, and the next one is answered`, async () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, 'SN-1'));
    const devices = new StationDevices(core);
    const { api, end } = await open({ station: scriptedStation({ devices }), onFault: unexpected });
    const typedOn = new Error('typed on');
    const searches = ['S', 'SN', 'SN-'].map(text => {
      const typing = new AbortController();
      return [typing, api.findDevices({ text, limit: 9 }, { signal: typing.signal })] as const;
    });
    for (const [typing] of searches) typing.abort(typedOn);
    for (const [, search] of searches) await assert.rejects(search, typedOn);
    const found = await api.findDevices({ text: 'SN-1', limit: 9 });
    assert.equal(found.devices.length, 1);
    await end();
    await devices.close();
  });

  test(`${name}: S1 a search outside its bounds never reaches the station`, async () => {
    const station = scriptedStation();
    const { api, end } = await open({ station, onFault: unexpected });
    const good = { text: 'SN', limit: 9 };
    const place = { by: 'text', leg: 0, through: 0 };
    for (const bad of [
      { ...good, limit: 0 },
      { ...good, limit: 201 },
      { ...good, text: 'x'.repeat(1025) },
      { ...good, text: 7 },
      { ...good, since: -1 },
      { ...good, since: Number.NaN },
      { ...good, enrollment: 'lost' },
      { ...good, workOrder: '' },
      { ...good, sql: 'DROP' },
      { ...good, after: { ...place, by: 'rowid' } },
      { ...good, after: { ...place, leg: -1 } },
      { ...good, after: { ...place, key: ['a', 'b', 'c', 'd'] } },
      { ...good, after: { ...place, key: [{}] } },
      { ...good, after: 'x' },
    ])
      await assert.rejects(api.findDevices(bad as never), { code: 'invalid-input' }, JSON.stringify(bad));
    for (const bad of [{ id: '' }, {}, { id: 'x'.repeat(1025) }])
      await assert.rejects(api.showDevice(bad as never), { code: 'invalid-input' });
    assert.deepEqual(station.calls, []);
    await api.findDevices({ ...good, after: { ...place, by: 'text', key: ['SN', 1] } });
    assert.equal(station.calls.length, 1);
    await end();
  });
}
