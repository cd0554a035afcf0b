import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { coreForTest, entriesOf, readAttempt } from '../station-fixture.ts';
import { keyDigest } from './endorsement-keys.ts';

describe('recordAttempt', () => {
  it('O1 makes device, outbox entry, harvest and audit entry at once', () => {
    using core = coreForTest();
    const recorded = recordAttempt(core, readAttempt(1, 'SN-1', { workOrder: 'WO-1' }));
    assert.equal(recorded.verdict, 'passed');
    const device = core.ledger.devices.bySerial('SN-1', 'default')!;
    assert.equal(device.device_id, recorded.deviceId);
    const [entry] = core.ledger.outbox.ofDevice(device.device_id);
    assert.equal(entry!.state, 'queued');
    const document = JSON.parse(entry!.document);
    assert.equal(document.registrationId, device.registration_id);
    assert.equal(document.attestation.tpm.endorsementKey, device.endorsement_key.toString('base64'));
    assert.deepEqual(document.optionalDeviceInformation, {
      serial: 'SN-1',
      stationId: core.identity.stationId,
      harvestId: device.harvest_id,
    });
    const audited = entriesOf(core)[recorded.auditIndex]!;
    assert.equal(audited.type, 'harvest');
    assert.equal(audited.data.harvestId, device.harvest_id);
    assert.equal(audited.data.workOrder, 'WO-1');
  });

  it('O1 leaves nothing at all where one of the rows cannot be written', () => {
    using core = coreForTest();
    const before = entriesOf(core).length;
    // A BigInt has no JSON: the enrollment document fails after harvest and device rows were inserted.
    const product = { name: 'default', initialTwin: { impossible: 1n } } as never;
    assert.throws(() => recordAttempt(core, readAttempt(1, 'SN-1', { product })), TypeError);
    assert.equal(core.ledger.counts.harvests(), 0);
    assert.equal(core.ledger.counts.devices(), 0);
    assert.equal(entriesOf(core).length, before);
    assert.equal(recordAttempt(core, readAttempt(1, 'SN-1')).verdict, 'passed');
  });

  it('H4 records a failed attempt, and one without a serial, with its evidence', () => {
    using core = coreForTest();
    const failed = recordAttempt(core, {
      ...readAttempt(1, 'SN-1'),
      finding: {
        outcome: 'failed',
        code: 'bridge-timeout',
        detail: 'mute',
        step: 'connect',
        possession: 'not-tested',
        warnings: [],
      },
    });
    const nameless = recordAttempt(core, {
      ...readAttempt(1, null),
      finding: { outcome: 'refused', code: 'serial-missing', detail: 'there is no serial', warnings: [] },
    });
    assert.deepEqual([failed.verdict, nameless.verdict], ['failed', 'refused']);
    assert.equal(core.ledger.counts.harvests(), 2);
    assert.equal(core.ledger.counts.devices(), 0);
    assert.deepEqual(
      entriesOf(core)
        .slice(1)
        .map(entry => [entry.type, entry.data.verdict, entry.data.code, entry.data.serial]),
      [
        ['harvest', 'failed', 'bridge-timeout', 'SN-1'],
        ['harvest', 'refused', 'serial-missing', null],
      ],
    );
  });

  it('H6 takes the same device again as a retest and enrols nothing twice', () => {
    using core = coreForTest();
    const first = recordAttempt(core, readAttempt(1, 'SN-1'));
    const again = recordAttempt(core, readAttempt(1, 'SN-1'));
    assert.equal(again.verdict, 'retest');
    assert.equal(again.deviceId, first.deviceId);
    assert.equal(core.ledger.counts.outbox().queued, 1);
  });

  it('H6 refuses a clone, a second key for a serial, and the pair under another product', () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, 'SN-1'));
    const clone = recordAttempt(core, readAttempt(1, 'SN-2'));
    assert.deepEqual([clone.verdict, clone.code, clone.otherSerial], ['refused', 'clone', 'SN-1']);
    const swapped = recordAttempt(core, readAttempt(2, 'SN-1'));
    assert.deepEqual([swapped.verdict, swapped.code], ['refused', 'serial-has-other-key']);
    const elsewhere = recordAttempt(core, readAttempt(1, 'SN-1', { product: { name: 'sensor' } }));
    assert.deepEqual([elsewhere.verdict, elsewhere.code], ['refused', 'other-product']);
    assert.equal(core.ledger.counts.devices(), 1);
  });

  it('H6 tells another key of the same TPM from another TPM, by what the run found of the recorded key', () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, 'SN-1'));
    const judged = (ekSha256: string, foundAt: string) => {
      const attempt = readAttempt(2, 'SN-1');
      const finding = { ...attempt.finding, recordedKey: { ekSha256, foundAt } } as typeof attempt.finding;
      return recordAttempt(core, { ...attempt, finding });
    };
    const recorded = keyDigest(1);
    assert.deepEqual(
      [
        judged(recorded, 'L-1').code,
        judged(recorded, 'none').code,
        judged(recorded, 'unknown').code,
        // Another process recorded the serial anew while this run looked for an older key.
        judged(keyDigest(3), 'none').code,
      ],
      ['same-tpm-other-key', 'other-tpm', 'serial-has-other-key', 'serial-has-other-key'],
    );
    assert.match(judged(recorded, 'none').detail ?? '', /swapped board, or a TPM that its firmware reset/);
    assert.match(judged(recorded, '0x81010007').detail ?? '', /this TPM also holds .*0x81010007/);
    assert.equal(core.ledger.counts.devices(), 1);
  });

  it('H6 lets a failed attempt reserve nothing', () => {
    using core = coreForTest();
    const attempt = readAttempt(1, 'SN-1');
    recordAttempt(core, {
      ...attempt,
      finding: {
        ...attempt.finding,
        outcome: 'refused',
        code: 'certificate-mismatch',
        detail: 'other key',
      } as never,
    });
    assert.equal(recordAttempt(core, readAttempt(2, 'SN-1')).verdict, 'passed');
    assert.equal(recordAttempt(core, readAttempt(1, 'SN-9')).verdict, 'passed');
  });

  it('H3 names devices by the template of the product and refuses what DPS would refuse or has already', () => {
    using core = coreForTest();
    const product = { name: 'default', registrationId: 'gx-{serial}', deviceId: '{serial}' };
    const named = recordAttempt(core, readAttempt(1, 'SN-1', { product }));
    assert.equal(named.registrationId, 'gx-sn-1');
    const document = JSON.parse(core.ledger.outbox.ofDevice(named.deviceId!)[0]!.document);
    assert.equal(document.deviceId, 'SN-1');
    const bad = recordAttempt(core, readAttempt(2, 'SN 2', { product }));
    assert.deepEqual([bad.verdict, bad.code], ['refused', 'registration-id-invalid']);
    const taken = recordAttempt(core, readAttempt(3, 'sn-1', { product }));
    assert.deepEqual([taken.verdict, taken.code], ['refused', 'registration-id-taken']);
  });

  it('A1 knows people by random ids only, the same one for the same account', () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, 'SN-1', { account: 'os:kim', statedOperator: 'Kim J.' }));
    recordAttempt(core, readAttempt(2, 'SN-2', { account: 'os:kim' }));
    recordAttempt(core, readAttempt(3, 'SN-3', { account: 'os:lee' }));
    const people = entriesOf(core)
      .slice(1)
      .map(entry => entry.personId);
    assert.equal(people[0], people[1]);
    assert.notEqual(people[0], people[2]);
    for (const row of core.ledger.audit.iterate())
      assert.doesNotMatch(row.entry.toString('utf8'), /kim|lee/i);
  });
});
