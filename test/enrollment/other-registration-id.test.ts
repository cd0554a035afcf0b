import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { otherRegistrationId } from '../../src/enrollment/other-registration-id.ts';
import { deriveRegistrationId, isRegistrationId } from '../../src/enrollment/registration-id.ts';
import fc from '../property.ts';

const ofKey = deriveRegistrationId(Buffer.alloc(316, 7));

describe('otherRegistrationId', () => {
  it('H3 is the id with eight characters of the key’s own, the same at every station', () => {
    assert.deepEqual(otherRegistrationId('gx-sn-1', ofKey), {
      ok: true,
      registrationId: `gx-sn-1-${ofKey.slice(0, 8)}`,
    });
    assert.notDeepEqual(
      otherRegistrationId('gx-sn-1', deriveRegistrationId(Buffer.alloc(316, 8))),
      otherRegistrationId('gx-sn-1', ofKey),
    );
  });

  it('H3 is one that DPS takes, or says that there is none', () => {
    const id = fc.stringMatching(/^[a-z0-9]([a-z0-9._:-]{0,126}[a-z0-9])?$/);
    fc.assert(
      fc.property(id, taken => {
        const other = otherRegistrationId(taken, ofKey);
        return other.ok
          ? isRegistrationId(other.registrationId) && other.registrationId !== taken
          : taken.length > 119;
      }),
    );
    assert.equal(otherRegistrationId('x'.repeat(120), ofKey).ok, false);
  });
});
