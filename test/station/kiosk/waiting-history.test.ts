import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WaitingHistory } from '../../../src/station/kiosk/waiting-history.ts';

const begin = Date.UTC(2026, 10, 22, 8);
const minute = 60_000;

describe('WaitingHistory', () => {
  it('keeps a point each half minute, with its peak, and ends with now', () => {
    const history = new WaitingHistory();
    for (const [after, waiting] of [
      [0, 3],
      [10_000, 9],
      [20_000, 1],
      [40_000, 2],
    ] as const)
      history.note(begin + after, waiting);
    assert.deepEqual(history.until({ at: begin + 50_000, waiting: 0 }), [
      { at: begin, waiting: 9 },
      { at: begin + 40_000, waiting: 2 },
      { at: begin + 50_000, waiting: 0 },
    ]);
  });

  it('stays as small as an hour, however long the shift', () => {
    const history = new WaitingHistory();
    for (let second = 0; second < 9 * 3600; second += 5) history.note(begin + second * 1000, second);
    const now = begin + 9 * 60 * minute;
    const points = history.until({ at: now, waiting: 0 });
    assert.ok(points.length <= 122, String(points.length));
    assert.ok(points[0]!.at >= now - 60 * minute);
  });

  it('O7 begins anew when the clock was set back', () => {
    const history = new WaitingHistory();
    history.note(begin, 5);
    history.note(begin - 30 * minute, 4);
    assert.deepEqual(history.until({ at: begin - 29 * minute, waiting: 4 }), [
      { at: begin - 30 * minute, waiting: 4 },
      { at: begin - 29 * minute, waiting: 4 },
    ]);
  });
});
