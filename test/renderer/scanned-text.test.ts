import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readableScan } from '../../renderer/parts/readable-scan.ts';
import fc from '../property.ts';

test('control characters become visible', () => {
  assert.equal(readableScan('21A\x1dB\x7f\0'), '21A\u241dB\u2421\u2400');
});

test('any text stays short, keeps its two ends, and holds no control character', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600 }), text => {
      const shown = readableScan(text);
      assert.ok(shown.length === Math.min(text.length, 21));
      assert.ok(![...shown].some(character => character < ' ' || character === '\x7f'));
    }),
  );
  assert.equal(readableScan('OTHER-'.padEnd(40, '7')), 'OTHER-7777…7777777777');
});
