import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clockEvidence, roughly, wrongClockText } from '../../../src/station/clock/clock-evidence.ts';
import { type ClockReading, measuredClock } from '../../../src/station/clock/station-clock.ts';
import { coreForTest, entriesOf } from '../station-fixture.ts';

const HOUR = 3_600_000;

/** A clock whose hands a test sets; the monotonic one goes on by itself. */
function handClock() {
  const reading = { at: Date.parse('2026-11-21T12:00:00Z'), bootId: 'boot-1', monotonicMs: 5_000 };
  return {
    read: (): ClockReading => ({ ...reading, clock: 'synced' }),
    pass(ms: number) {
      reading.at += ms;
      reading.monotonicMs += ms;
    },
    set(ms: number) {
      reading.at += ms;
    },
    restart() {
      reading.bootId = 'boot-2';
      reading.monotonicMs = 0;
    },
  };
}

describe('the clock of a station', () => {
  it('O7 is not called synced while DPS says that it is wrong, and is again once it is set', () => {
    const hands = handClock();
    const clock = measuredClock(hands);
    assert.deepEqual([clock.read().clock, clock.aheadMs()], ['synced', undefined]);
    clock.measured(-2 * HOUR);
    assert.deepEqual([clock.read().clock, clock.aheadMs()], ['unsynced', 2 * HOUR]);
    hands.pass(HOUR);
    assert.equal(clock.aheadMs(), 2 * HOUR);
    hands.set(-2 * HOUR);
    assert.deepEqual([clock.read().clock, clock.aheadMs()], ['synced', 0]);
    hands.set(30_000);
    assert.equal(clock.read().clock, 'synced');
    hands.set(40_000);
    assert.equal(clock.read().clock, 'unsynced');
  });

  it('O7 records the time that the clock has, uncorrected and marked', () => {
    const hands = handClock();
    using core = coreForTest({ clock: hands });
    core.clock.measured(-2 * HOUR);
    core.ledger.transaction(() =>
      core.audit.append(core.identity, 'person-test', { type: 'export', data: { format: 'csv', size: 1 } }),
    );
    const entry = entriesOf(core).at(-1) as unknown as Record<string, unknown>;
    assert.deepEqual([entry.at, entry.clock], ['2026-11-21T12:00:00.000Z', 'unsynced']);
  });

  it('O7 shows a step since the newest entry, within a boot either way and over a restart backwards', () => {
    const hands = handClock();
    using core = coreForTest({ clock: hands });
    const stepped = () => clockEvidence(core).steppedMs;
    hands.pass(5 * HOUR);
    assert.equal(stepped(), null);
    hands.set(2 * HOUR);
    assert.equal(stepped(), 2 * HOUR);
    hands.set(-3 * HOUR);
    assert.equal(stepped(), -HOUR);
    hands.restart();
    assert.equal(stepped(), null);
    hands.set(-6 * HOUR);
    assert.equal(stepped(), -2 * HOUR);
  });

  it('O7 is told in words that a person sets a clock by', () => {
    assert.equal(wrongClockText(2 * HOUR), "This station's clock is 2 h ahead");
    assert.equal(wrongClockText(-2 * 365.25 * 24 * HOUR), "This station's clock is 2 years behind");
    assert.equal(wrongClockText(59_000), undefined);
    assert.equal(wrongClockText(null), undefined);
    assert.deepEqual([90_000, 61_000, 12_000, 100 * HOUR].map(roughly), ['2 min', '1 min', '12 s', '4 days']);
  });
});
