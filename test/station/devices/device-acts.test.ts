/** What can be done to a device from a screen: offered as the ledger has it, done by who may, refused with a code. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { type DeviceVerb, deviceActs, openDeviceActs } from '../../../src/station/devices/device-acts.ts';
import { owner } from '../access/people-fixture.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { coreForTest, readAttempt, type TestCore } from '../station-fixture.ts';

function station(core: TestCore, who: Actor) {
  let written = 0;
  const acts = deviceActs(core, { account: () => 'kiosk', actor: async () => who }, () => {
    written += 1;
  });
  return {
    do: (device: string, verb: DeviceVerb, reason = 'because') => acts.do({ device, verb, reason }),
    written: () => written,
    open: (device: string) => openDeviceActs(core, device).map(({ verb }) => verb),
  };
}

describe('acts on a device', () => {
  it('are offered as the device stands, and done through the outbox', async () => {
    using core = coreForTest();
    const desk = station(core, enterSupervisor(core));
    const id = recordAttempt(core, readAttempt(1, 'SN-1')).deviceId!;
    const operations = () => core.ledger.outbox.ofDevice(id).map(({ operation }) => operation);
    assert.deepEqual(desk.open(id), ['update', 'disable', 'delete']);
    assert.deepEqual(await desk.do(id, 'update'), { ok: true, deviceId: id, changes: false });
    assert.deepEqual(await desk.do(id, 'disable'), { ok: true, deviceId: id, changes: true });
    assert.deepEqual(desk.open(id), ['update', 'enable', 'delete']);
    await desk.do(id, 'enable');
    assert.deepEqual(operations(), ['create', 'disable', 'enable']);
    assert.equal(desk.written(), 3);
  });

  it('H6 replace a board by its refused harvest, and end with the device', async () => {
    using core = coreForTest();
    const desk = station(core, enterSupervisor(core));
    const id = recordAttempt(core, readAttempt(1, 'SN-1')).deviceId!;
    assert.deepEqual(await desk.do(id, 'replace'), { ok: false, code: 'harvest-unfit' });
    assert.equal(recordAttempt(core, readAttempt(2, 'SN-1')).code, 'serial-has-other-key');
    assert.deepEqual(desk.open(id), ['update', 'disable', 'replace', 'delete']);
    const replaced = await desk.do(id, 'replace');
    assert.ok(replaced.ok && replaced.deviceId !== id);
    assert.deepEqual(desk.open(id), []);
    assert.deepEqual(await desk.do(id, 'disable'), { ok: false, code: 'device-retired' });
    await desk.do(replaced.deviceId, 'delete', 'scrap');
    assert.equal(core.ledger.devices.get(replaced.deviceId)!.retired_reason, 'scrap');
  });

  it('S1 are a supervisor’s but for an update, and want a reason', async () => {
    using core = coreForTest();
    const id = recordAttempt(core, readAttempt(1, 'SN-1')).deviceId!;
    const anybody = station(core, owner);
    for (const verb of ['disable', 'enable', 'replace', 'delete'] as const)
      assert.deepEqual(await anybody.do(id, verb), { ok: false, code: 'sign-in-needed' }, verb);
    assert.deepEqual(await anybody.do(id, 'update'), { ok: true, deviceId: id, changes: false });
    const mina = station(core, enterSupervisor(core));
    assert.deepEqual(await mina.do(id, 'delete', ' '), { ok: false, code: 'reason-invalid' });
    assert.deepEqual(await mina.do('nobody', 'delete'), { ok: false, code: 'device-unknown' });
    assert.equal(core.ledger.outbox.ofDevice(id).length, 1);
  });
});
