import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatTimestamp } from '../../src/emulator/timestamp.ts';
import fc from '../property.ts';

describe('formatTimestamp', () => {
  it('writes up to seven fraction digits and cuts trailing zeros', () => {
    const base = Date.UTC(2023, 4, 19, 1, 2, 47);
    assert.equal(formatTimestamp(base), '2023-05-19T01:02:47Z');
    assert.equal(formatTimestamp(base + 500), '2023-05-19T01:02:47.5Z');
    assert.equal(formatTimestamp(base + 729.951), '2023-05-19T01:02:47.729951Z');
    assert.equal(formatTimestamp(base + 1), '2023-05-19T01:02:47.001Z');
    assert.equal(formatTimestamp(base + 999.99999), '2023-05-19T01:02:48Z');
  });

  it('is the time it was given, to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), ms => {
        const written = formatTimestamp(ms);
        assert.equal(Date.parse(written), ms);
        assert.match(written, /^[-0-9]{10}T[:0-9]{8}(\.\d{0,6}[1-9])?Z$/);
      }),
    );
  });
});
