import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  deriveRegistrationId,
  fillDeviceId,
  fillRegistrationId,
  isRegistrationId,
} from '../../src/enrollment/registration-id.ts';
import { otherPublishedKey, publishedKey } from '../tpm/endorsement-keys.ts';

describe('deriveRegistrationId', () => {
  test('H3 gives the ids that Microsoft’s tools gave the published keys', () => {
    for (const key of [publishedKey, otherPublishedKey]) {
      const bytes = Buffer.from(key.endorsementKey, 'base64');
      assert.equal(bytes.length, 316);
      assert.equal(deriveRegistrationId(bytes), key.registrationId);
    }
  });

  test('H3 hashes the size too: without it the id is the known wrong one', () => {
    const bytes = Buffer.from(publishedKey.endorsementKey, 'base64');
    assert.equal(deriveRegistrationId(bytes.subarray(2)), publishedKey.wrongRegistrationId);
    assert.notEqual(deriveRegistrationId(bytes), publishedKey.wrongRegistrationId);
  });
});

const values = { registrationId: publishedKey.registrationId, serial: 'SN-0001' };

describe('fillRegistrationId', () => {
  test('H3 fills templates and lower-cases, because DPS does not tell cases apart', () => {
    const filled = (template: string, serial = values.serial) =>
      fillRegistrationId(template, { ...values, serial });
    assert.deepEqual(filled('{registrationId}'), { ok: true, registrationId: values.registrationId });
    assert.deepEqual(filled('Line1.{serial}'), { ok: true, registrationId: 'line1.sn-0001' });
    assert.deepEqual(filled('{serial}:{serial}'), { ok: true, registrationId: 'sn-0001:sn-0001' });
    assert.deepEqual(filled('{serial}', '$&$1'), {
      ok: false,
      detail: 'DPS takes no registration id like "$&$1"',
    });
  });

  test('H3 refuses what DPS would refuse, and templates that name every device the same', () => {
    const refused: readonly (readonly [string, string])[] = [
      ['{serial}', 'a b'],
      ['{serial}', 'a/b'],
      ['{serial}', 'é'],
      ['{serial}', 'a-'],
      ['{serial}', '.a'],
      ['{serial}', ''],
      ['{registrationId}{registrationId}{serial}', 'x'.repeat(25)],
      ['fixed', 'SN-1'],
      ['{serial}-{mac}', 'SN-1'],
      ['{}{serial}', 'SN-1'],
      ['{serial}{', 'SN-1'],
      ['{serial}', '{registrationId}'],
    ];
    for (const [template, serial] of refused) {
      assert.equal(fillRegistrationId(template, { ...values, serial }).ok, false, `${template} of ${serial}`);
    }
  });
});

test('H3 isRegistrationId takes 1 to 128 characters with letters or digits at the ends', () => {
  for (const good of ['a', '1', 'a-b._:c', 'x'.repeat(128)]) assert.ok(isRegistrationId(good), good);
  for (const bad of ['', 'A', 'a_', '-a', 'x'.repeat(129), 'a\n', 'a b'])
    assert.ok(!isRegistrationId(bad), bad);
});

test('H3 fillDeviceId keeps the case and takes what IoT Hub takes', () => {
  assert.deepEqual(fillDeviceId('Oven-{serial}', values), { ok: true, deviceId: 'Oven-SN-0001' });
  assert.equal(fillDeviceId('{serial} oven', values).ok, false);
  assert.equal(fillDeviceId('{serial}', { ...values, serial: 'x'.repeat(129) }).ok, false);
  assert.equal(fillDeviceId('oven', values).ok, false);
});
