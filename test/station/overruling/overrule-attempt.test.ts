/** A supervisor overrules the verdict on a duplicate: exactly the attempt that was looked at, and nothing but the duplicate. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Act } from '../../../src/station/act.ts';
import type { Attempt } from '../../../src/station/attempt/attempt.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { disableEnrollment } from '../../../src/station/devices/change-enrollment.ts';
import { deviceHistories } from '../../../src/station/devices/device-history.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { StationError, type StationErrorCode } from '../../../src/station/errors.ts';
import { compareAttempt } from '../../../src/station/overruling/compare-attempt.ts';
import { overruleAttempt } from '../../../src/station/overruling/overrule-attempt.ts';
import { owner } from '../access/people-fixture.ts';
import { keyDigest } from '../attempt/endorsement-keys.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore } from '../station-fixture.ts';

const reason = 'because of the test';
const byMina = (core: TestCore): Act => ({ who: enterSupervisor(core), reason });
const fails =
  (code: StationErrorCode, detail = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof StationError);
    assert.deepEqual([error.code, detail.test(error.message)], [code, true], error.message);
    return true;
  };
const productOf = (core: TestCore) => core.configuration.products[0]!;
const record = (core: TestCore, key: number, serial: string, changes: Partial<Attempt> = {}) => {
  const attempt = readAttempt(key, serial, { product: productOf(core), ...changes });
  return { harvestId: attempt.harvestId, ...recordAttempt(core, attempt) };
};
/** An attempt whose finding differs in these members. */
const found = (key: number, serial: string, members: object): Partial<Attempt> => ({
  finding: { ...readAttempt(key, serial).finding, ...members } as Attempt['finding'],
});
const clone = (core: TestCore, changes: Partial<Attempt> = {}) => {
  record(core, 1, 'SN-1', { workOrder: 'WO-1', fixture: 'left' });
  const refused = record(core, 1, 'SN-2', { workOrder: 'WO-2', fixture: 'right', ...changes });
  assert.equal(refused.code, 'clone');
  return refused.harvestId;
};
const relabel = { overruling: 'relabel' } as const;
const accept = { overruling: 'accept' } as const;
/** Nothing of an act that was refused stays. */
function refuses(core: TestCore, act: () => unknown, code: StationErrorCode, detail?: RegExp): void {
  const before = [entriesOf(core).length, core.ledger.counts.harvests(), core.ledger.counts.devices()];
  assert.throws(act, fails(code, detail));
  assert.deepEqual(
    [entriesOf(core).length, core.ledger.counts.harvests(), core.ledger.counts.devices()],
    before,
  );
}

describe('overruling an attempt', () => {
  it('H6 O1 relabels: the key goes on under the new serial, the old name is free, lineage and evidence are kept', () => {
    using core = coreForTest();
    const harvestId = clone(core);
    const act = byMina(core);
    const before = core.ledger.devices.bySerial('SN-1', 'default')!;
    const seen = compareAttempt(core, harvestId);
    assert.deepEqual(
      [seen.overruling, seen.deviceId, seen.serialBefore],
      ['relabel', before.device_id, 'SN-1'],
    );
    const decided = overruleAttempt(core, { harvestId, ...relabel, deviceId: seen.deviceId }, act);
    const device = core.ledger.devices.bySerial('SN-2', 'default')!;
    assert.deepEqual(
      [device.device_id, device.ek_sha256, device.predecessor_id, device.work_order],
      [decided.deviceId, keyDigest(1), before.device_id, 'WO-2'],
    );
    assert.equal(core.ledger.devices.bySerial('SN-1', 'default'), undefined, 'the old name is free');
    assert.equal(core.ledger.devices.get(before.device_id)!.retired_reason, `relabelled as SN-2: ${reason}`);
    const [create] = core.ledger.outbox.ofDevice(device.device_id);
    assert.equal(JSON.parse(create!.document).optionalDeviceInformation.serial, 'SN-2');
    assert.equal(create!.harvest_id, decided.harvestId);
    const row = core.ledger.harvests.get(decided.harvestId)!;
    assert.deepEqual(
      [row.verdict, row.code, row.serial, row.fixture],
      ['passed', 'passed-by-decision', 'SN-2', 'right'],
    );
    const evidence = JSON.parse(row.evidence);
    assert.deepEqual([evidence.possession, evidence.decides.harvestId], ['proved', harvestId]);
    const audited = entriesOf(core)[row.audit_index]!;
    assert.equal(audited.type, 'decision');
    assert.partialDeepStrictEqual(audited.data, {
      harvestId: decided.harvestId,
      because: reason,
      decides: {
        harvestId,
        code: 'clone',
        overruling: 'relabel',
        serialBefore: 'SN-1',
        ekSha256Before: keyDigest(1),
      },
      serial: 'SN-2',
      verdict: 'passed',
    });
    assert.equal(audited.personId, 'person-mina', 'A1 the random id of who decided');
    const [history] = deviceHistories(core, 'SN-2');
    assert.deepEqual(
      history!.attempts.map(each => each.code),
      ['passed-by-decision', 'clone', 'passed'],
    );
    assert.equal(record(core, 1, 'SN-2').verdict, 'retest');
    assert.equal(record(core, 2, 'SN-1').verdict, 'passed');
  });

  it('H6 accepts a swap and another key of the same TPM, with the delete before the create where one id stays', () => {
    for (const foundAt of ['none', '0x81010007', 'unknown']) {
      using core = coreForTest({
        configuration: { products: [{ name: 'default', registrationId: 'dev-{serial}' }] },
      });
      const act = byMina(core);
      record(core, 1, 'SN-1');
      // Its create may have reached DPS: only a delete behind it ends it.
      outboxStoreOf(core, { host: 'dps.example', idScope: null }).take(1, Date.now());
      const { harvestId } = record(
        core,
        2,
        'SN-1',
        found(2, 'SN-1', { recordedKey: { ekSha256: keyDigest(1), foundAt } }),
      );
      const decided = overruleAttempt(core, { harvestId, ...accept }, act);
      assert.equal(core.ledger.devices.bySerial('SN-1', 'default')!.ek_sha256, keyDigest(2), foundAt);
      assert.equal(decided.serialBefore, 'SN-1');
      assert.notEqual(decided.deleteEntry, null);
      assert.equal(core.ledger.outbox.get(decided.createEntry)!.waits_for, decided.deleteEntry);
      assert.equal(record(core, 2, 'SN-1').verdict, 'retest');
    }
  });

  it('keeps a verified certificate, and a key that was taken out of service at DPS out of it', () => {
    using core = coreForTest();
    const verified = { certificate: { status: 'verified', der: 'AAAA' } };
    record(core, 1, 'SN-1', found(1, 'SN-1', verified));
    const act = byMina(core);
    disableEnrollment(core, 'SN-1', act);
    const { harvestId } = record(core, 1, 'SN-2');
    const { deviceId } = overruleAttempt(core, { harvestId, ...relabel }, act);
    assert.equal(core.ledger.devices.get(deviceId)!.certificate_status, 'verified');
    assert.deepEqual(
      core.ledger.outbox.ofDevice(deviceId).map(each => each.operation),
      ['create', 'disable'],
    );
  });

  it('S1 is a supervisor’s, asked in the act itself', () => {
    using core = coreForTest();
    const harvestId = clone(core);
    refuses(
      core,
      () => overruleAttempt(core, { harvestId, ...relabel }, { who: owner, reason }),
      'sign-in-needed',
    );
  });

  it('H6 refuses where the ledger has gone on since somebody looked', () => {
    using core = coreForTest();
    const act = byMina(core);
    const harvestId = clone(core);
    const request = { harvestId, ...relabel };
    refuses(core, () => overruleAttempt(core, { ...request, deviceId: 'another' }, act), 'harvest-outdated');
    // The board came again under its old label: the new one is on something else.
    record(core, 1, 'SN-1');
    refuses(core, () => overruleAttempt(core, request, act), 'harvest-outdated', /came after it/);
    const second = record(core, 1, 'SN-2').harvestId;
    record(core, 1, 'SN-2', {
      finding: {
        outcome: 'failed',
        code: 'bridge-timeout',
        detail: '',
        step: 'connect',
        possession: 'not-tested',
        warnings: [],
      },
    });
    assert.equal(compareAttempt(core, second).namesTaken, false, 'a cable that failed says nothing');
    deleteDevice(core, 'SN-1', act);
    refuses(
      core,
      () => overruleAttempt(core, { harvestId: second, ...relabel }, act),
      'harvest-outdated',
      /something else/,
    );
  });

  it('H6 decides an attempt once', () => {
    using core = coreForTest();
    const act = byMina(core);
    const harvestId = clone(core);
    overruleAttempt(core, { harvestId, ...relabel }, act);
    refuses(core, () => overruleAttempt(core, { harvestId, ...relabel }, act), 'harvest-outdated');
  });

  it('H6 refuses a name that another device in service has', () => {
    using core = coreForTest();
    const act = byMina(core);
    record(core, 1, 'SN-1');
    record(core, 2, 'SN-2');
    const { harvestId } = record(core, 1, 'SN-2');
    assert.equal(compareAttempt(core, harvestId).namesTaken, true);
    refuses(core, () => overruleAttempt(core, { harvestId, ...relabel }, act), 'names-taken', /SN-2/);
  });

  it('H7 H8 H6 overrules nothing but the duplicate: no proof, a certificate that is required, another product, another end', () => {
    const unproved = found(1, 'SN-2', { possession: 'not-tested' });
    {
      using core = coreForTest();
      const harvestId = clone(core, unproved);
      refuses(
        core,
        () => overruleAttempt(core, { harvestId, ...relabel }, byMina(core)),
        'harvest-unfit',
        /prove/,
      );
    }
    {
      using core = coreForTest({ configuration: { products: [{ name: 'default', possession: 'off' }] } });
      const harvestId = clone(core, unproved);
      overruleAttempt(core, { harvestId, ...relabel }, byMina(core));
    }
    using core = coreForTest({ configuration: { products: [{ name: 'default', certificate: 'require' }] } });
    const act = byMina(core);
    const harvestId = clone(core);
    refuses(
      core,
      () => overruleAttempt(core, { harvestId, ...relabel }, act),
      'harvest-unfit',
      /certificate is unchecked/,
    );
    refuses(core, () => overruleAttempt(core, { harvestId, ...accept }, act), 'harvest-unfit');
    refuses(core, () => overruleAttempt(core, { harvestId: 'none', ...relabel }, act), 'harvest-unknown');
    const elsewhere = record(core, 1, 'SN-1', { product: { name: 'second' } }).harvestId;
    refuses(
      core,
      () => overruleAttempt(core, { harvestId: elsewhere, ...relabel }, act),
      'harvest-unfit',
      /other-product/,
    );
    const passed = record(core, 5, 'SN-5').harvestId;
    refuses(
      core,
      () => overruleAttempt(core, { harvestId: passed, ...accept }, act),
      'harvest-unfit',
      /passed/,
    );
  });

  it('shows both sides with their history, what differs marked', () => {
    using core = coreForTest();
    const { fields, ours, theirs, isEnrolled, keepsId } = compareAttempt(core, clone(core));
    assert.deepEqual(
      fields.filter(({ differs }) => differs).map(({ name }) => name),
      ['serial'],
    );
    const by = (name: string) => fields.find(each => each.name === name);
    assert.deepEqual([by('workOrder')?.ours, by('workOrder')?.theirs], ['WO-1', 'WO-2']);
    assert.equal(by('enrollment')?.ours, 'create queued');
    assert.deepEqual(
      ours.map(each => [each.serial, each.fixture, each.workOrder]),
      [['SN-1', 'left', 'WO-1']],
    );
    assert.deepEqual([theirs, isEnrolled, keepsId], [[], true, true]);
  });
});
