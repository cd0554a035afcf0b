import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEnrollmentDocument } from '../../src/enrollment/enrollment-document.ts';
import { publishedKey } from '../tpm/endorsement-keys.ts';

const input = {
  product: {},
  stationId: 'station-1',
  harvestId: 'harvest-1',
  registrationId: publishedKey.registrationId,
  endorsementKey: publishedKey.endorsementKey,
};

test('O2 the enrollment carries serial, station id and harvest id, and nothing that nobody set', () => {
  assert.deepEqual(makeEnrollmentDocument({ ...input, serial: 'SN-1' }), {
    registrationId: publishedKey.registrationId,
    attestation: { type: 'tpm', tpm: { endorsementKey: publishedKey.endorsementKey } },
    optionalDeviceInformation: { serial: 'SN-1', stationId: 'station-1', harvestId: 'harvest-1' },
    provisioningStatus: 'enabled',
  });
});

test('O2 a device without a serial names none; device id and twin come from the product', () => {
  const initialTwin = { tags: { line: 1 } };
  const document = makeEnrollmentDocument({ ...input, product: { initialTwin }, deviceId: 'Oven-1' });
  assert.deepEqual(document.optionalDeviceInformation, { stationId: 'station-1', harvestId: 'harvest-1' });
  assert.equal(document.deviceId, 'Oven-1');
  assert.deepEqual(document.initialTwin, initialTwin);
});
