import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutboxStore } from '../../../src/outbox/store.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { disableEnrollment, enableEnrollment } from '../../../src/station/devices/change-enrollment.ts';
import { forecastDrain } from '../../../src/station/drain/drain-forecast.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { coreForTest, readAttempt } from '../station-fixture.ts';

const target = { host: 'ours.azure-devices-provisioning.net', idScope: null };

function stationAt(start: number, dps: Readonly<Record<string, number>> = {}) {
  let at = start;
  const clock = { read: () => ({ at, bootId: 'boot', monotonicMs: at, clock: 'synced' as const }) };
  const core = coreForTest({ clock, configuration: { dps } });
  for (let n = 0; n < 100; n++) recordAttempt(core, readAttempt(n, `SN-${n}`));
  return { core, clock, pass: (ms: number) => (at += ms), now: () => at };
}

function enrol(store: OutboxStore, count: number, now: number): void {
  const taken = store.take(count, now);
  store.settle(
    taken.map(item => {
      assert.ok(item.kind === 'entry');
      return { kind: 'enrolled', entryId: item.entry.entryId, how: 'acknowledged' };
    }),
  );
}

describe('forecastDrain', () => {
  const begin = Date.parse('2026-11-21T08:00:00Z');

  it('goes by the budget where nothing was sent yet, and says nothing where DPS is out of reach', () => {
    const { core, pass } = stationAt(begin, { operationsPerMinute: 10 });
    using _ = core;
    pass(5_000);
    // 10 a minute at 0.97 of it, ten enrollments each.
    assert.deepEqual(forecastDrain(core, 'online'), {
      waiting: 100,
      oldestAgeMs: 5_000,
      perMinute: 0,
      emptyInMs: Math.round((100 / 97) * 60_000),
      limitedBy: 'budget',
    });
    const unreachable = forecastDrain(core, 'out-of-reach');
    assert.deepEqual([unreachable.emptyInMs, unreachable.limitedBy], [null, 'connection']);
  });

  it('goes by what DPS took in the last minute, also for another process than the one that drains', () => {
    const { core, clock, pass, now } = stationAt(begin);
    using _ = core;
    const store = outboxStoreOf(core, target);
    for (let step = 0; step < 6; step++) {
      enrol(store, 5, now());
      pass(10_000);
    }
    const other = openCore({ dataDirectory: core.folder, env: {}, clock });
    try {
      const { waiting, perMinute, emptyInMs, limitedBy } = forecastDrain(other, 'elsewhere');
      assert.deepEqual([waiting, perMinute, limitedBy], [70, 30, 'service']);
      assert.equal(emptyInMs, Math.round((70 * 60_000) / 30));
    } finally {
      other.close();
    }
    const lost = forecastDrain(core, 'out-of-reach');
    assert.deepEqual(
      [lost.emptyInMs, lost.limitedBy],
      [null, 'connection'],
      'what went on before promises nothing',
    );
    pass(61_000);
    assert.equal(
      forecastDrain(core, 'elsewhere').limitedBy,
      'connection',
      'what was taken long ago tells nothing',
    );
  });

  it('promises no end to what waits behind an entry that only a person lets go on', () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, 'SN-1'));
    const store = outboxStoreOf(core, target);
    enrol(store, 1, Date.now());
    const act = { who: enterSupervisor(core), reason: 'lot 7' };
    disableEnrollment(core, 'SN-1', act);
    enableEnrollment(core, 'SN-1', act);
    const [gone] = store.take(10, Date.now());
    assert.ok(gone?.kind === 'entry');
    store.settle([{ kind: 'conflict', entryId: gone.entry.entryId, reason: 'gone-from-dps', theirs: {} }]);
    const { waiting, emptyInMs, limitedBy } = forecastDrain(core, 'online');
    assert.deepEqual([waiting, emptyInMs, limitedBy], [1, null, 'person']);
  });

  it('knows a drain that just began, and one at the limit of its budget', () => {
    const { core, pass, now } = stationAt(begin, { operationsPerMinute: 20 });
    using _ = core;
    const store = outboxStoreOf(core, target);
    pass(120_000);
    for (let step = 0; step < 3; step++) {
      enrol(store, 10, now());
      pass(3_000);
    }
    const { perMinute, limitedBy, emptyInMs } = forecastDrain(core, 'online');
    assert.deepEqual([perMinute, limitedBy], [200, 'budget']);
    assert.equal(emptyInMs, Math.round((70 * 60_000) / 194));
  });

  it('has nothing to say of an empty outbox', () => {
    const { core, now } = stationAt(begin);
    using _ = core;
    enrol(outboxStoreOf(core, target), 100, now());
    const { waiting, oldestAgeMs, emptyInMs, limitedBy } = forecastDrain(core, 'online');
    assert.deepEqual([waiting, oldestAgeMs, emptyInMs, limitedBy], [0, null, 0, 'nothing']);
  });
});
