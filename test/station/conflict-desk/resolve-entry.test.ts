/** Each decision of the conflict desk through to what the emulated DPS then has. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { deriveRegistrationId } from '../../../src/enrollment/registration-id.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { compareEntry } from '../../../src/station/conflict-desk/compare-entry.ts';
import type { Decision } from '../../../src/station/conflict-desk/decisions.ts';
import { resolveEntry } from '../../../src/station/conflict-desk/resolve-entry.ts';
import { disableEnrollment } from '../../../src/station/devices/change-enrollment.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { retryEntries } from '../../../src/station/queue/retry-entries.ts';
import { base64Key, endorsementKey } from '../attempt/endorsement-keys.ts';
import { entriesOf, readAttempt } from '../station-fixture.ts';
import { Plant, type TestStation } from './two-stations.ts';

/** Ids made of serials: the only way to meet another key under one's own id. */
const bySerial = { products: [{ name: 'default', registrationId: 'gx-{serial}' }] };
const idOf = (key: number | string) => deriveRegistrationId(endorsementKey(key));
const serialOf = (record: object | undefined) =>
  (record as { optionalDeviceInformation?: { serial?: string } })?.optionalDeviceInformation?.serial;
const keyOf = (record: object | undefined) =>
  (record as { attestation?: { tpm?: { endorsementKey?: string } } })?.attestation?.tpm?.endorsementKey;

let plant: Plant;
let keys = 0;
const nextKey = () => `key ${++keys}`;

before(async () => {
  plant = await Plant.build();
});
afterEach(() => plant.dps.clearFaults());
after(() => plant.close());

function attemptAt({ core }: TestStation, key: string, serial: string) {
  return readAttempt(key, serial, { product: core.configuration.products[0]! });
}

/** Harvested and sent; `state` is what became of it. */
async function recorded(station: TestStation, key: string, serial: string): Promise<string> {
  const { enrollment } = recordAttempt(station.core, attemptAt(station, key, serial));
  await station.drain();
  return enrollment!.entryId;
}

function decide(station: TestStation, entryId: string, decision: Decision, reason = 'looked at the board') {
  return resolveEntry(station.core, { entryId, decision, reason }, station.supervisor);
}

function stateOf(station: TestStation, entryId: string): [string, string | null] {
  const row = station.core.ledger.outbox.get(entryId)!;
  return [row.state, row.reason];
}

/** One key under two serials, at two stations: the second is in conflict. */
async function cloneElsewhere() {
  const key = nextKey();
  const serial = `SN-${keys}`;
  const [first, second] = [plant.station(), plant.station()];
  await recorded(first, key, `${serial}-A`);
  const entryId = await recorded(second, key, `${serial}-B`);
  assert.deepEqual(stateOf(second, entryId), ['conflict', 'clone-elsewhere']);
  return { key, serial, second, entryId };
}

/** One serial with two keys, at two stations that make ids of serials. */
async function otherKey() {
  const [theirs, ours] = [nextKey(), nextKey()];
  const serial = `sn-${keys}`;
  const [first, second] = [plant.station(bySerial), plant.station(bySerial)];
  await recorded(first, theirs, serial);
  const entryId = await recorded(second, ours, serial);
  assert.deepEqual(stateOf(second, entryId), ['conflict', 'other-endorsement-key']);
  return { theirs, ours, id: `gx-${serial}`, second, entryId };
}

describe('keep', () => {
  it('H6 leaves a clone’s enrollment to the other serial, and judges the board anew when it comes again', async () => {
    const { key, serial, second, entryId } = await cloneElsewhere();
    const resolution = decide(second, entryId, 'keep');
    assert.deepEqual(
      [resolution.state, resolution.retired, resolution.nextEntryId],
      ['cancelled', true, null],
    );
    await second.drain();
    assert.equal(serialOf(await plant.has(idOf(key))), `${serial}-A`);
    const again = recordAttempt(second.core, readAttempt(key, `${serial}-B`));
    assert.equal(again.verdict, 'passed');
    await second.drain();
    assert.deepEqual(stateOf(second, again.enrollment!.entryId), ['conflict', 'clone-elsewhere']);
  });

  it('takes an enrollment of unknown origin for the device’s own, which stays in service', async () => {
    const key = nextKey();
    const { registrationId, attestation } = documentOf(key);
    await plant.service.createMany([{ registrationId, attestation, provisioningStatus: 'enabled' }]);
    const station = plant.station();
    const entryId = await recorded(station, key, `SN-${keys}`);
    assert.deepEqual(stateOf(station, entryId), ['conflict', 'unknown-origin']);
    const resolution = decide(station, entryId, 'keep');
    assert.deepEqual([resolution.state, resolution.retired], ['cancelled', false]);
    assert.equal(recordAttempt(station.core, readAttempt(key, `SN-${keys}`)).verdict, 'retest');
  });
});

describe('replace', () => {
  it('O3 puts ours in the place of a clone’s, and asks after a lost reply instead of writing again', async () => {
    const { key, serial, second, entryId } = await cloneElsewhere();
    const resolution = decide(second, entryId, 'replace');
    assert.equal(resolution.state, 'cancelled');
    await plant.dps.arm({ kind: 'reply-dropped', operations: ['bulk'], requests: 1 });
    await second.drain();
    assert.deepEqual(stateOf(second, resolution.nextEntryId!), ['enrolled', null]);
    assert.equal(serialOf(await plant.has(idOf(key))), `${serial}-B`);
    const { enrollments } = await plant.dps.state();
    const { created, overwritten } = enrollments.find(each => each.registrationId === idOf(key))!;
    assert.deepEqual([created, overwritten], [1, 1]);
    const changes = entriesOf(second.core).filter(entry => entry.data.because !== undefined);
    assert.deepEqual(
      changes.map(({ data }) => [data.change, data.operation, data.because]),
      [
        ['cancelled', undefined, 'replace: looked at the board'],
        ['requested', 'update', 'replace: looked at the board'],
      ],
    );
    const mina = second.core.ledger.persons.byAccount('person:mina')!.person_id;
    assert.ok(changes.every(({ personId }) => personId === mina));
  });

  it('puts another key in the place of the old board’s; the device can be changed and deleted afterwards', async () => {
    const { ours, id, second, entryId } = await otherKey();
    decide(second, entryId, 'replace');
    await second.drain();
    assert.equal(keyOf(await plant.has(id)), base64Key(ours));
    const device = second.core.ledger.outbox.get(entryId)!.device_id;
    disableEnrollment(second.core, device, { who: second.supervisor, reason: 'stolen' });
    await second.drain();
    assert.equal((await plant.has(id))!.provisioningStatus, 'disabled');
    deleteDevice(second.core, device, { who: second.supervisor, reason: 'scrap' });
    await second.drain();
    assert.equal(await plant.has(id), undefined);
  });

  it('counts for the very record that was looked at: what changed meanwhile is another conflict', async () => {
    const { key, serial, second, entryId } = await cloneElsewhere();
    const seen = (await plant.has(idOf(key)))!;
    const { etag, ...document } = { ...documentOf(key), ...seen, etag: String(seen.etag) };
    const changed = { ...document, provisioningStatus: 'disabled' as const, etag };
    assert.deepEqual(await plant.service.updateMany([changed]), { isSuccessful: true, errors: [] });
    const { nextEntryId } = decide(second, entryId, 'replace');
    await second.drain();
    assert.deepEqual(stateOf(second, nextEntryId!), ['conflict', 'clone-elsewhere']);
    assert.equal(serialOf(await plant.has(idOf(key))), `${serial}-A`);
    decide(second, nextEntryId!, 'replace');
    await second.drain();
    assert.equal(serialOf(await plant.has(idOf(key))), `${serial}-B`);
  });

  it('creates ours where the record to be replaced was deleted meanwhile, and a person says so again', async () => {
    const { ours, id, second, entryId } = await otherKey();
    const { nextEntryId } = decide(second, entryId, 'replace');
    await plant.service.remove(id, String((await plant.has(id))!.etag));
    await second.drain();
    assert.deepEqual(stateOf(second, nextEntryId!), ['conflict', 'gone-from-dps']);
    decide(second, nextEntryId!, 'replace');
    await second.drain();
    assert.deepEqual(stateOf(second, nextEntryId!), ['enrolled', null]);
    assert.equal(keyOf(await plant.has(id)), base64Key(ours));
  });

  it('goes before what already waited for the entry', async () => {
    const { ours, id, second, entryId } = await otherKey();
    const device = second.core.ledger.outbox.get(entryId)!.device_id;
    const later = disableEnrollment(second.core, device, { who: second.supervisor, reason: 'stolen' });
    decide(second, entryId, 'replace');
    await second.drain();
    assert.deepEqual(stateOf(second, later.entry_id), ['enrolled', null]);
    const record = await plant.has(id);
    assert.deepEqual([keyOf(record), record!.provisioningStatus], [base64Key(ours), 'disabled']);
  });

  it('creates again what is gone from DPS, and then does what found it gone', async () => {
    const key = nextKey();
    const station = plant.station();
    const entryId = await recorded(station, key, `SN-${keys}`);
    const { etag } = (await plant.has(idOf(key)))!;
    await plant.service.remove(idOf(key), String(etag));
    const device = station.core.ledger.outbox.get(entryId)!.device_id;
    const disable = disableEnrollment(station.core, device, { who: station.supervisor, reason: 'stolen' });
    await station.drain();
    assert.deepEqual(stateOf(station, disable.entry_id), ['conflict', 'gone-from-dps']);
    decide(station, disable.entry_id, 'replace');
    await station.drain();
    assert.deepEqual(stateOf(station, disable.entry_id), ['enrolled', null]);
    assert.equal((await plant.has(idOf(key)))!.provisioningStatus, 'disabled');
  });
});

describe('new-id', () => {
  it('H3 enrols the board under its template’s id with a suffix of its key, with lineage', async () => {
    const { theirs, ours, id, second, entryId } = await otherKey();
    const resolution = decide(second, entryId, 'new-id');
    assert.equal(resolution.registrationId, `${id}-${idOf(ours).slice(0, 8)}`);
    await second.drain();
    assert.deepEqual(stateOf(second, resolution.nextEntryId!), ['enrolled', null]);
    assert.equal(keyOf(await plant.has(resolution.registrationId)), base64Key(ours));
    assert.equal(keyOf(await plant.has(id)), base64Key(theirs));
    const { devices, outbox } = second.core.ledger;
    const device = devices.byRegistrationId(resolution.registrationId)!;
    assert.equal(device.predecessor_id, outbox.get(entryId)!.device_id);
    assert.ok(devices.get(device.predecessor_id!)!.retired_at);
    assert.equal(recordAttempt(second.core, attemptAt(second, ours, device.serial!)).verdict, 'retest');
  });

  it('H6 is not for a key that DPS has already: one TPM is not two devices', async () => {
    const { second, entryId } = await cloneElsewhere();
    assert.throws(() => decide(second, entryId, 'new-id'), { code: 'decision-unfit' });
  });
});

describe('retry', () => {
  it('O4 asks DPS again, and enrols what nothing stands in the way of any more', async () => {
    const { key, serial, second, entryId } = await cloneElsewhere();
    const again = () => retryEntries(second.core, [entryId], 'os:test');
    again();
    await second.drain();
    assert.deepEqual(stateOf(second, entryId), ['conflict', 'clone-elsewhere']);
    const { etag } = (await plant.has(idOf(key)))!;
    await plant.service.remove(idOf(key), String(etag));
    again();
    await second.drain();
    assert.deepEqual(stateOf(second, entryId), ['enrolled', null]);
    assert.equal(serialOf(await plant.has(idOf(key))), `${serial}-B`);
  });
});

describe('cancel and retarget', () => {
  it('O4 cancels with the reason, and nothing goes to DPS', async () => {
    const { key, serial, second, entryId } = await cloneElsewhere();
    assert.deepEqual(decide(second, entryId, 'cancel', 'board scrapped').state, 'cancelled');
    await second.drain();
    assert.equal(serialOf(await plant.has(idOf(key))), `${serial}-A`);
    assert.equal(entriesOf(second.core).at(-1)!.data.because, 'cancel: board scrapped');
    assert.throws(() => decide(second, entryId, 'cancel'), { code: 'decision-unfit' });
  });

  it('O8 sends what was made for another DPS to this one, with all that waits behind it', async () => {
    const station = plant.station();
    const { core } = station;
    const key = nextKey();
    const { enrollment, deviceId } = recordAttempt(core, readAttempt(key, `SN-${keys}`));
    const entryId = enrollment!.entryId;
    core.ledger.outbox.retarget(entryId, 'old.azure-devices-provisioning.net', null);
    const later = disableEnrollment(core, deviceId!, { who: station.supervisor, reason: 'stolen' });
    await station.drain();
    assert.deepEqual(stateOf(station, entryId), ['quarantined', 'other-dps']);
    assert.deepEqual(
      compareEntry(core, entryId).decisions.map(({ decision }) => decision),
      ['cancel', 'retarget'],
    );
    decide(station, entryId, 'retarget', 'the plant moved');
    const moved = entriesOf(core).filter(({ data }) => data.change === 'retargeted');
    assert.deepEqual(
      moved.map(({ data }) => [data.detail, data.dpsHost]),
      Array(2).fill(['was for old.azure-devices-provisioning.net', core.dpsTarget!.host]),
    );
    await station.drain();
    assert.deepEqual(
      [stateOf(station, entryId)[0], stateOf(station, later.entry_id)[0]],
      ['enrolled', 'enrolled'],
    );
    assert.equal((await plant.has(idOf(key)))!.provisioningStatus, 'disabled');
  });
});

describe('deciding', () => {
  it('S1 needs a person of the right role, a reason, and an entry that is there', async () => {
    const { second, entryId } = await cloneElsewhere();
    const size = second.core.ledger.audit.size();
    const nobody = { proof: 'account', account: 'os:root' } as const;
    const request = { entryId, decision: 'replace', reason: 'r' } as const;
    assert.throws(() => resolveEntry(second.core, request, nobody), { code: 'sign-in-needed' });
    assert.throws(() => decide(second, entryId, 'replace', ' '), { code: 'reason-invalid' });
    assert.throws(() => decide(second, 'nothing', 'replace'), { code: 'entry-unknown' });
    assert.throws(() => decide(second, entryId, 'retarget'), { code: 'decision-unfit' });
    assert.equal(second.core.ledger.audit.size(), size);
    assert.deepEqual(stateOf(second, entryId), ['conflict', 'clone-elsewhere']);
  });

  it('shows ours and theirs side by side with the likely cause and what is open', async () => {
    const { serial, second, entryId } = await cloneElsewhere();
    const comparison = compareEntry(second.core, entryId);
    assert.equal(comparison.cause!.code, 'clone-elsewhere');
    const field = (name: string) => comparison.fields.find(each => each.name === name)!;
    assert.deepEqual(field('serial'), {
      name: 'serial',
      ours: `${serial}-B`,
      theirs: `${serial}-A`,
      differs: true,
    });
    assert.match(field('endorsementKey').ours!, /^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
    assert.equal(field('endorsementKey').differs, false);
    assert.equal(field('stationId').differs, true);
    assert.equal(field('createdDateTimeUtc').differs, false);
    assert.deepEqual(
      comparison.decisions.map(({ decision, roles }) => [decision, ...roles]),
      [
        ['keep', 'supervisor', 'engineer'],
        ['replace', 'supervisor'],
        ['cancel', 'supervisor', 'engineer'],
      ],
    );
  });
});

function documentOf(key: string) {
  return {
    registrationId: idOf(key),
    attestation: { type: 'tpm', tpm: { endorsementKey: base64Key(key) } },
    provisioningStatus: 'enabled',
  } as const;
}
