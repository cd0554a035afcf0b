import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordAttempt } from '../../src/station/record-attempt.ts';
import type { StationClock } from '../../src/station/station-clock.ts';
import { todayOf } from '../../src/station/today.ts';
import { coreForTest, readAttempt } from './station-fixture.ts';

describe('todayOf', () => {
  it('counts since local midnight, and the passes of each five minutes of the last hour', () => {
    const noon = new Date(2026, 10, 21, 12, 2, 0).getTime();
    let now = noon;
    const clock: StationClock = { read: () => ({ at: now, bootId: 'b', monotonicMs: 0, clock: 'unsynced' }) };
    using core = coreForTest({ clock });
    const passAt = (at: number, key: number) => {
      now = at;
      recordAttempt(core, readAttempt(key, `SN-${key}`));
    };
    const minute = 60_000;
    passAt(noon - 24 * 60 * minute, 1);
    passAt(noon - 50 * minute, 2);
    passAt(noon - 50 * minute + 17, 3);
    passAt(noon - 7 * minute, 4);
    for (let key = 5; key < 10; key += 1) passAt(noon - 1000 + key, key);
    now = noon;
    recordAttempt(core, {
      ...readAttempt(20, 'SN-20'),
      finding: {
        outcome: 'failed',
        code: 'bridge-timeout',
        detail: '',
        step: 'connect',
        warnings: [],
        possession: 'not-tested',
      },
    });
    passAt(noon, 20);
    assert.deepEqual(todayOf(core.ledger, noon), {
      passed: 9,
      attempts: 10,
      firstPassYield: 8 / 9,
      pace: [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 6],
    });
  });
});
