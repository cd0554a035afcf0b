import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drainCurve, height, width } from '../../renderer/outbox/drain-curve.ts';
import type { DrainOutlook } from '../../src/api/contract.ts';
import fc from '../property.ts';

const at = Date.UTC(2026, 10, 22, 8);
const minute = 60_000;

function outlook(
  waiting: number,
  emptyInMs: number | null,
  history: DrainOutlook['history'] = [],
): DrainOutlook {
  const forecast = { waiting, oldestAgeMs: null, perMinute: 1, emptyInMs, limitedBy: 'service' } as const;
  return {
    at,
    history: [...history, { at, waiting }],
    forecast,
    paused: null,
    certificateDebt: 0,
    held: 0,
  };
}

describe('drainCurve', () => {
  test('keeps a count until the next one, and falls from now to empty', () => {
    const past = [
      { at: at - 20 * minute, waiting: 0 },
      { at: at - 10 * minute, waiting: 100 },
    ];
    const curve = drainCurve(outlook(50, 10 * minute, past));
    assert.equal(curve.most, 100);
    assert.equal(curve.pastMs, 20 * minute);
    const [start, x1, y1, x2, y2] = curve.past
      .match(/-?\d+(\.\d+)?/g)!
      .slice(1)
      .map(Number);
    assert.deepEqual([start, y1], [height - 1, 7]);
    assert.ok(x1! < x2! && x2 === curve.nowX && y2! > y1!);
    assert.ok(curve.emptyX! > curve.nowX && curve.emptyX! < width);
    assert.ok(curve.ahead?.endsWith(`L${curve.emptyX} ${height - 1}`));
  });

  test('says nothing of what comes where nothing can be said', () => {
    for (const each of [outlook(50, null), outlook(0, 0)]) {
      const curve = drainCurve(each);
      assert.deepEqual([curve.ahead, curve.emptyX], [undefined, undefined]);
    }
  });

  test('shows a drain of days as its first hour, not yet empty', () => {
    const curve = drainCurve(outlook(1_000_000, 3 * 24 * 60 * minute));
    assert.equal(curve.emptyX, undefined);
    assert.match(curve.ahead!, new RegExp(`L${width} \\d`));
  });

  test('stays within its picture, whatever the numbers', () => {
    const point = fc.record({
      at: fc.integer({ min: at - 60 * minute, max: at }),
      waiting: fc.nat(10_000_000),
    });
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 130 }),
        fc.nat(10_000_000),
        fc.option(fc.integer({ min: 0, max: 1e12 })),
        (points, waiting, emptyInMs) => {
          const history = points.toSorted((one, other) => one.at - other.at);
          const { past, ahead = '' } = drainCurve(outlook(waiting, emptyInMs, history));
          for (const text of [past, ahead]) assert.doesNotMatch(text, /NaN|Infinity|e[+-]/);
          const numbers = `${past}${ahead}`.match(/-?\d+(\.\d+)?/g)!.map(Number);
          for (const number of numbers) assert.ok(number >= 0 && number <= width, String(number));
        },
      ),
    );
  });
});
