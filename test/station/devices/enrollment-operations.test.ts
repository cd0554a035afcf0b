/** The life of devices in the ledger and in the real emulator: changed, retired, replaced, come back. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { EnrollmentService } from '../../../src/dps/service.ts';
import { drainOnce } from '../../../src/outbox/drain-once.ts';
import { type Act, reasonOf } from '../../../src/station/act.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { disableEnrollment, enableEnrollment } from '../../../src/station/devices/change-enrollment.ts';
import { deviceHistories } from '../../../src/station/devices/device-history.ts';
import { replaceDevice } from '../../../src/station/devices/replace-device.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { updateDevices, updateProduct } from '../../../src/station/devices/update-enrollments.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { StationError, type StationErrorCode } from '../../../src/station/errors.ts';
import { cancelEntries } from '../../../src/station/queue/cancel-entry.ts';
import { EmulatedDps } from '../../outbox/emulated-dps.ts';
import { ManualTiming } from '../../outbox/manual-timing.ts';
import { owner } from '../access/people-fixture.ts';
import { keyDigest } from '../attempt/endorsement-keys.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

let dps: EmulatedDps;
let service: EnrollmentService;

before(async () => {
  dps = await EmulatedDps.start();
  service = dps.connect({ deadlineMs: 2_000 });
});
after(() => dps.close());

const products = (template: object) => ({ products: [{ name: 'default', ...template }] });
const stationFor = (template: object = {}, folder?: string) =>
  coreForTest({
    configuration: products(template),
    env: { KEYLINE_DPS_CONNECTION_STRING: dps.emulator.connectionString },
    ...(folder === undefined ? {} : { folder }),
  });
const byMina = (core: TestCore): Act => ({
  who: enterSupervisor(core),
  reason: 'because of the test',
});

async function drain(core: TestCore): Promise<void> {
  await drainOnce({ store: outboxStoreOf(core, core.dpsTarget!), service, timing: new ManualTiming() });
  const { queued, sending } = core.ledger.counts.outbox();
  assert.deepEqual([queued, sending], [0, 0]);
}

const record = (core: TestCore, key: number, serial: string, changes = {}) => {
  const product = core.configuration.products[0]!;
  return recordAttempt(core, readAttempt(key, serial, { product, ...changes }));
};
const otherBoard = (core: TestCore, key: number, serial: string) => {
  const attempt = readAttempt(key, serial, { product: core.configuration.products[0]! });
  const ekSha256 = core.ledger.devices.bySerial(serial, 'default')!.ek_sha256;
  const finding = {
    ...attempt.finding,
    recordedKey: { ekSha256, foundAt: 'none' },
  } as typeof attempt.finding;
  const recorded = recordAttempt(core, { ...attempt, finding });
  assert.equal(recorded.code, 'other-tpm');
  return attempt.harvestId;
};
const states = (core: TestCore, deviceId: string) =>
  core.ledger.outbox.ofDevice(deviceId).map(({ operation, state }) => `${operation} ${state}`);
const fails = (code: StationErrorCode) => (error: unknown) =>
  error instanceof StationError && error.code === code;
const changesOf = (core: TestCore) =>
  entriesOf(core)
    .filter(({ type }) => type === 'enrollment')
    .map(({ data }) => [data.change, data.operation ?? 'create', data.because].filter(Boolean).join(' '));

describe('operations on enrollments', () => {
  it('O1 O2 go through the outbox in order, also when all were asked for offline, each in the audit', async () => {
    using core = stationFor();
    const act = byMina(core);
    const { deviceId, registrationId } = record(core, 1, 'OP-1');
    disableEnrollment(core, 'OP-1', act);
    enableEnrollment(core, registrationId!, act);
    disableEnrollment(core, deviceId!, act);
    await drain(core);
    assert.deepEqual(states(core, deviceId!), [
      'create enrolled',
      'disable enrolled',
      'enable enrolled',
      'disable enrolled',
    ]);
    assert.equal((await service.get(registrationId!))?.provisioningStatus, 'disabled');
    assert.deepEqual(changesOf(core), [
      'requested disable because of the test',
      'requested enable because of the test',
      'requested disable because of the test',
      'enrolled create',
      'enrolled disable',
      'enrolled enable',
      'enrolled disable',
    ]);
    const { enrolled, changed } = core.ledger.counts.outbox();
    assert.deepEqual([enrolled, changed], [1, 3]);
  });

  it('updates to today’s template, unsets what it no longer names, and asks for nothing twice', async t => {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const twin = { tags: { line: 7 } };
    let core = stationFor({ initialTwin: twin, capabilities: { iotEdge: true } }, folder);
    const names = [2, 3].map(n => record(core, n, `OP-${n}`).registrationId!);
    await drain(core);
    core.close();
    const policy = { updateHubAssignment: true, migrateDeviceData: false };
    core = stationFor({ initialTwin: { tags: { line: 8 } }, reprovisionPolicy: policy }, folder);
    const act: Act = { who: owner, reason: 'line 8' };
    assert.deepEqual(updateDevices(core, ['OP-2', names[0]!], act), {
      requested: 1,
      unchanged: 0,
      notEnrolled: 0,
    });
    assert.deepEqual(updateProduct(core, 'default', act), { requested: 1, unchanged: 1, notEnrolled: 0 });
    await drain(core);
    for (const name of names) {
      const found = await service.get(name);
      assert.partialDeepStrictEqual(found, { initialTwin: { tags: { line: 8 } }, reprovisionPolicy: policy });
      assert.equal((found as { capabilities?: unknown }).capabilities, undefined);
    }
    assert.deepEqual(updateProduct(core, 'default', act), { requested: 0, unchanged: 2, notEnrolled: 0 });
    core.close();
  });

  it('O4 takes a device out of service: deleted in DPS, kept in the ledger, free to come back as a new one', async () => {
    using core = stationFor();
    const act = byMina(core);
    const first = record(core, 4, 'OP-4');
    await drain(core);
    const retired = deleteDevice(core, 'OP-4', { ...act, reason: 'rma' });
    assert.equal(retired.deviceId, first.deviceId);
    assert.throws(() => disableEnrollment(core, 'OP-4', act), fails('device-retired'));
    const back = record(core, 4, 'OP-4');
    assert.deepEqual([back.verdict, back.registrationId], ['passed', first.registrationId]);
    assert.match(back.detail ?? '', /this key was OP-4 .* left service on .*: rma/);
    assert.equal(core.ledger.outbox.ofDevice(back.deviceId!)[0]!.waits_for, retired.deleteEntry);
    await drain(core);
    const { optionalDeviceInformation } = (await service.get(first.registrationId!)) as never as {
      optionalDeviceInformation: { harvestId: string };
    };
    assert.equal(optionalDeviceInformation.harvestId, core.ledger.devices.get(back.deviceId!)!.harvest_id);
    const [now, before] = deviceHistories(core, 'OP-4');
    assert.deepEqual(
      now!.predecessors.map(device => device.deviceId),
      [first.deviceId],
    );
    assert.deepEqual(
      before!.successors.map(device => device.deviceId),
      [back.deviceId],
    );
    assert.equal(before!.retired?.reason, 'rma');
    assert.deepEqual(
      before!.entries.map(({ operation }) => operation),
      ['create', 'delete'],
    );
    assert.equal(now!.attempts.length, 2);
  });

  it('17 cancels the create of a device that never went out, and sends nothing', async () => {
    using core = stationFor();
    const act = byMina(core);
    const { deviceId } = record(core, 5, 'OP-5');
    disableEnrollment(core, 'OP-5', act);
    assert.equal(deleteDevice(core, 'OP-5', { ...act, reason: 'scrap' }).deleteEntry, null);
    assert.deepEqual(states(core, deviceId!), ['create cancelled', 'disable cancelled']);
    const { requests } = await dps.state();
    await drain(core);
    assert.equal((await dps.state()).requests, requests);
    assert.deepEqual(changesOf(core).slice(1), [
      'cancelled disable scrap',
      'cancelled create scrap',
      'retired disable scrap',
    ]);
  });

  it('17 deletes behind a create that may have gone out', async () => {
    using core = stationFor();
    const act = byMina(core);
    const { deviceId, registrationId } = record(core, 6, 'OP-6');
    outboxStoreOf(core, core.dpsTarget!).take(1, Date.now());
    assert.throws(
      () => cancelEntries(core, [core.ledger.outbox.ofDevice(deviceId!)[0]!.entry_id], act),
      fails('entry-was-sent'),
    );
    assert.notEqual(deleteDevice(core, 'OP-6', act).deleteEntry, null);
    await drain(core);
    assert.deepEqual(states(core, deviceId!), ['create enrolled', 'delete enrolled']);
    assert.equal(await service.get(registrationId!), undefined);
  });

  it('17 cancels on its own, keeps the device, and creates it anew by enable', async () => {
    using core = stationFor();
    const act = byMina(core);
    const { deviceId, enrollment } = record(core, 7, 'OP-7');
    assert.deepEqual(cancelEntries(core, [enrollment!.entryId], act), [enrollment!.entryId]);
    assert.throws(() => cancelEntries(core, [enrollment!.entryId], act), fails('entry-settled'));
    assert.throws(() => disableEnrollment(core, 'OP-7', act), fails('not-enrolled'));
    enableEnrollment(core, 'OP-7', act);
    await drain(core);
    assert.deepEqual(states(core, deviceId!), ['create cancelled', 'create enrolled']);
  });

  for (const template of [{}, { registrationId: 'dev-{serial}' }])
    it(`H6 O3 replaces a board: the old one ends first, lineage kept (${JSON.stringify(template)})`, async () => {
      using core = stationFor(template);
      const act = byMina(core);
      const n = template.registrationId ? 9 : 8;
      const serial = `OP-${n}`;
      const old = record(core, n, serial);
      await drain(core);
      const refused = otherBoard(core, n + 100, serial);
      const replaced = replaceDevice(core, { device: serial }, act);
      const create = core.ledger.outbox.get(replaced.createEntry)!;
      assert.deepEqual([create.harvest_id, create.waits_for], [replaced.harvestId, replaced.deleteEntry]);
      assert.equal(replaced.overruled, refused);
      assert.equal(replaced.registrationId === old.registrationId, template.registrationId !== undefined);
      await drain(core);
      const device = core.ledger.devices.bySerial(serial, 'default')!;
      assert.deepEqual(
        [device.device_id, device.ek_sha256, device.predecessor_id],
        [replaced.deviceId, keyDigest(n + 100), old.deviceId],
      );
      const there = (await service.get(device.registration_id)) as {
        attestation?: { tpm: { endorsementKey: string } };
      };
      assert.equal(there.attestation?.tpm.endorsementKey, device.endorsement_key.toString('base64'));
      if (replaced.registrationId !== old.registrationId)
        assert.equal(await service.get(old.registrationId!), undefined);
      const asked = entriesOf(core).find(({ data }) => data.replaces !== undefined)!.data;
      assert.deepEqual(asked.replaces, {
        registrationId: old.registrationId,
        harvestId: core.ledger.devices.get(old.deviceId!)!.harvest_id,
      });
      assert.equal(record(core, n + 100, serial).verdict, 'retest');
      assert.equal(core.ledger.devices.get(old.deviceId!)!.retired_reason, 'replaced: because of the test');
    });

  it('H6 replaces only by a harvest that was refused for this very serial, and by a key that is free', async () => {
    using core = stationFor();
    const act = byMina(core);
    record(core, 20, 'OP-20');
    assert.throws(() => replaceDevice(core, { device: 'OP-20' }, act), fails('harvest-unfit'));
    const other = record(core, 21, 'OP-21');
    const harvestId = otherBoard(core, 22, 'OP-20');
    assert.throws(() => replaceDevice(core, { device: 'OP-21', harvestId }, act), fails('harvest-unfit'));
    record(core, 22, 'OP-22');
    const size = entriesOf(core).length;
    assert.throws(() => replaceDevice(core, { device: 'OP-20', harvestId }, act), fails('harvest-outdated'));
    assert.equal(entriesOf(core).length, size, 'and nothing of it stays');
    assert.equal(core.ledger.devices.get(other.deviceId!)!.retired_at, null);
  });

  it('S1 leaves what is dangerous to a supervisor, asked in the act itself', () => {
    using core = stationFor();
    const { enrollment } = record(core, 40, 'OP-40');
    const act: Act = { who: owner, reason: 'x' };
    const size = entriesOf(core).length;
    for (const attempt of [
      () => disableEnrollment(core, 'OP-40', act),
      () => enableEnrollment(core, 'OP-40', act),
      () => deleteDevice(core, 'OP-40', act),
      () => replaceDevice(core, { device: 'OP-40' }, act),
      () => cancelEntries(core, [enrollment!.entryId], act),
    ])
      assert.throws(attempt, fails('sign-in-needed'));
    assert.equal(entriesOf(core).length, size);
    assert.equal(core.ledger.outbox.get(enrollment!.entryId)!.state, 'queued');
  });

  it('names the devices where a name is not one device’s, and refuses acts without a reason', async () => {
    using core = coreForTest({ configuration: { products: [{ name: 'default' }, { name: 'second' }] } });
    const act = byMina(core);
    record(core, 30, 'SAME');
    recordAttempt(core, readAttempt(31, 'SAME', { product: { name: 'second' } }));
    assert.throws(() => disableEnrollment(core, 'SAME', act), fails('device-ambiguous'));
    assert.throws(() => disableEnrollment(core, 'nobody', act), fails('device-unknown'));
    assert.throws(() => reasonOf(' \t'), fails('reason-invalid'));
    assert.equal(deviceHistories(core, 'SAME').length, 2);
  });
});
