import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attempt } from '../../../src/station/attempt/attempt.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { shiftAt } from '../../../src/station/clock/shift-start.ts';
import type { StationClock } from '../../../src/station/clock/station-clock.ts';
import { Today } from '../../../src/station/kiosk/today.ts';
import { coreForTest, readAttempt } from '../station-fixture.ts';

const minute = 60_000;
const noon = new Date(2026, 10, 21, 12, 2, 0).getTime();

/** A station whose clock a test sets, and attempts at chosen times. */
function stationAt() {
  const time = { now: noon };
  const clock: StationClock = {
    read: () => ({ at: time.now, bootId: 'b', monotonicMs: 0, clock: 'unsynced' }),
  };
  const core = coreForTest({ clock });
  const attemptAt = (minutes: number, attempt: Attempt) => {
    time.now = noon + minutes * minute;
    recordAttempt(core, attempt);
    time.now = noon;
  };
  const passAt = (minutes: number, key: number) => attemptAt(minutes, readAttempt(key, `SN-${key}`));
  const failAt = (minutes: number, key: number, code: 'bridge-timeout' | 'cancelled' | 'tpm-error') =>
    attemptAt(minutes, {
      ...readAttempt(key, `SN-${key}`),
      finding: {
        outcome: 'failed',
        code,
        detail: '',
        step: 'connect',
        warnings: [],
        possession: 'not-tested',
      },
    });
  return { core, passAt, failAt, [Symbol.dispose]: () => core[Symbol.dispose]() };
}

describe('Today', () => {
  it('counts the day and the last hour, its yield without attempts in which nothing answered', () => {
    using station = stationAt();
    const { core, passAt, failAt } = station;
    passAt(-24 * 60, 1);
    passAt(-50, 2);
    passAt(-50, 3);
    failAt(-40, 4, 'tpm-error');
    failAt(-30, 5, 'bridge-timeout');
    failAt(-29, 5, 'cancelled');
    passAt(-7, 4);
    passAt(-6, 5);
    passAt(-1, 1);
    const view = new Today(core.ledger).view(noon);
    assert.deepEqual(
      { ...view, quarters: undefined },
      {
        since: new Date(noon).setHours(0, 0, 0, 0),
        passed: 4,
        attempts: 8,
        withoutContact: 2,
        // SN-2, 3 and 5 of four: SN-4 failed at first, and SN-1 was tried the day before.
        firstPassYield: 3 / 4,
        lastHour: 4,
        lastHourYield: 3 / 4,
        quarters: undefined,
      },
    );
    const from = new Date(2026, 10, 21, 11, 0).getTime();
    assert.deepEqual(view.quarters, {
      from,
      of: 16,
      passed: [2, 0, 0, 2, 0],
      yield: [1, 0, null, 1, null],
    });
  });

  it('counts on from where it was, and says the same after a restart', () => {
    using station = stationAt();
    const { core, passAt, failAt } = station;
    const today = new Today(core.ledger);
    for (let key = 1; key < 8; key += 1) {
      passAt(key - 9, key);
      failAt(key - 9, key, 'tpm-error');
      assert.equal(today.view(noon).passed, key);
    }
    assert.deepEqual(today.view(noon), new Today(core.ledger).view(noon));
    assert.equal(today.view(noon + 24 * 60 * minute).attempts, 0);
  });

  it('counts a shift, and gives its plots the room of the whole of it', () => {
    using station = stationAt();
    station.passAt(-6 * 60 - 10, 1);
    station.passAt(-100, 2);
    const shifts = ['06:00', '14:00', '22:00'];
    const view = new Today(station.core.ledger, { shifts: () => shifts }).view(noon);
    assert.deepEqual(
      [new Date(view.since).getHours(), new Date(view.until!).getHours(), view.passed],
      [6, 14, 1],
    );
    assert.deepEqual([view.quarters.of, view.quarters.passed.length], [32, 25]);
    assert.equal(view.quarters.passed[17], 1);
    const atNight = new Date(2026, 10, 21, 1, 30).getTime();
    assert.equal(new Date(shiftAt(atNight, shifts).since).toString().slice(8, 21), '20 2026 22:00');
  });
});
