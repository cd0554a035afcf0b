/** What a screen says of a new PIN is what the station will say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepsPinRule } from '../../renderer/frame/pin-rule.ts';
import { pinWeakness } from '../../src/station/access/pin.ts';
import fc from '../property.ts';

test('the screen and the station judge a new PIN alike', () => {
  for (const pin of ['1234', '123456', '654321', '000000', '135791', '482915', '48291 ', 'äöüß12'])
    assert.equal(keepsPinRule(pin), pinWeakness(pin) === undefined, pin);
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 });
  fc.assert(
    fc.property(fc.oneof(digits, fc.string({ unit: 'grapheme', maxLength: 12 })), pin => {
      // The field holds 64 characters at most; the station's other limit is for those who come without a screen.
      fc.pre([...pin].length <= 64);
      assert.equal(keepsPinRule(pin), pinWeakness(pin) === undefined);
    }),
  );
});
