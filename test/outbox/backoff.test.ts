import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DpsError, type DpsErrorCode, dpsHints } from '../../src/dps/errors.ts';
import { waitAfter, waitOfEntry } from '../../src/outbox/backoff.ts';
import { bulkLimit, makeBatches } from '../../src/outbox/batches.ts';
import fc from '../property.ts';
import { makeEntry } from './entries.ts';

const latest = () => 1;
const steps = (error: DpsError) => [1, 2, 3, 4, 5, 6].map(count => waitAfter(error, count, latest));

describe('waitAfter', () => {
  it('O5 doubles from 2 s to 30 s while there is no way to DPS', () => {
    const error = new DpsError('offline', '', { notSent: true });
    assert.deepEqual(steps(error), [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('O5 is short after a connection that broke, and long where a person must act', () => {
    assert.equal(waitAfter(new DpsError('offline', ''), 1, latest), 250);
    assert.deepEqual(
      steps(new DpsError('unauthorized', '')).slice(0, 5),
      [30_000, 60_000, 120_000, 240_000, 300_000],
    );
  });

  it('O5 is never shorter than Retry-After, and leaves half a step to chance', () => {
    const codes = Object.keys(dpsHints) as DpsErrorCode[];
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(3_600_000),
        (code, count, chance, retryAfterMs) => {
          const wait = waitAfter(new DpsError(code, '', { retryAfterMs }), count, () => chance);
          const whole = waitAfter(new DpsError(code, ''), count, latest);
          assert.ok(wait >= retryAfterMs && wait >= Math.floor(whole / 2));
          assert.ok(wait <= Math.max(whole, retryAfterMs) && whole <= 300_000);
        },
      ),
    );
  });
});

describe('waitOfEntry', () => {
  it('lets an entry go at once twice, then later and later, a minute at most', () => {
    assert.deepEqual([1, 2, 3, 4, 5].map(waitOfEntry), [0, 0, 1_000, 2_000, 4_000]);
    assert.equal(waitOfEntry(500), 60_000);
  });
});

describe('makeBatches', () => {
  it('O5 has every entry once, ten at most, no id twice whatever its case, and the lonely alone', () => {
    const id = fc.constantFrom('a1', 'A1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', 'h8', 'i9', 'j0', 'k1', 'l2');
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 40 }), wishes => {
        const entries = wishes.map(([registrationId]) => makeEntry({ registrationId }));
        const alone = new Set(entries.filter((_, index) => wishes[index]![1]));
        const batches = makeBatches(entries, entry => alone.has(entry));
        assert.deepEqual(new Set(batches.flat()), new Set(entries));
        assert.equal(batches.flat().length, entries.length);
        for (const batch of batches) {
          assert.ok(batch.length >= 1 && batch.length <= bulkLimit);
          assert.equal(new Set(batch.map(entry => entry.registrationId.toLowerCase())).size, batch.length);
          assert.ok(batch.length === 1 || batch.every(entry => !alone.has(entry)));
        }
      }),
    );
  });
});
