import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEvent } from '../../src/api/apply-event.ts';
import { live } from '../../src/api/live.ts';
import { WaitingChanges } from '../../src/api/waiting-changes.ts';
import type { FixtureView, LiveEvent, StationView } from '../../src/station/views.ts';
import { idleFixture, scriptedStation, stationView } from './scripted-station.ts';

const passedToday = (passed: number): StationView['today'] => ({
  ...stationView.today,
  passed,
  attempts: passed,
});

const atOnce = { capacity: 256, gatherMs: 0 };
const never = { capacity: 256, gatherMs: 2 ** 30 };

test('a client that falls behind gets the present picture, not a queue without end', async () => {
  const station = scriptedStation();
  const stream = live(station, undefined, { capacity: 4, gatherMs: 0 });
  assert.equal((await stream.next()).value?.[0]?.kind, 'snapshot');
  for (let n = 1; n <= 5; n++) station.emit({ kind: 'fault', fault: `fault ${n}` });
  station.current = { ...station.current, fault: 'fault 5' };
  assert.deepEqual((await stream.next()).value, [{ kind: 'snapshot', view: station.current }]);
  station.emit({ kind: 'fault', fault: 'ledger-full' });
  assert.equal((await stream.next()).value?.[0]?.kind, 'fault', 'and then the changes again');
  await stream.return();
  assert.equal(station.listeners(), 0);
});

test('what changes between snapshot and next read is not lost: the newest of what is only looked at', async () => {
  const station = scriptedStation();
  const stream = live(station, undefined, atOnce);
  await stream.next();
  for (let n = 1; n <= 1000; n++) station.emit({ kind: 'today', today: passedToday(n) });
  assert.deepEqual((await stream.next()).value, [{ kind: 'today', today: passedToday(1000) }]);
  await stream.return();
});

test('what somebody waits for goes at once, and takes along what waits for others', {
  timeout: 5_000,
}, async () => {
  const station = scriptedStation();
  const stream = live(station, undefined, never);
  await stream.next();
  const next = stream.next();
  station.emit({ kind: 'today', today: passedToday(1) });
  const armed = { kind: 'fixture', fixture: { ...idleFixture, state: 'armed', serial: 'SN-1' } } as const;
  station.emit(armed);
  assert.deepEqual((await next).value, [{ kind: 'today', today: passedToday(1) }, armed]);
  await stream.return();
});

test('of a fixture no stage is passed over, of the steps of a run all but the newest', () => {
  const waiting = new WaitingChanges();
  const stage = (fixture: Partial<FixtureView>) =>
    ({ kind: 'fixture', fixture: { ...idleFixture, serial: 'SN-1', ...fixture } }) as const;
  const step = (ms: number) => [{ step: 'tpm', state: 'done', ms } as const];
  const verdict = {
    harvestId: 'h1',
    verdict: 'passed',
    code: 'passed',
    warnings: [],
    committedAt: 1,
  } as const;
  const told = [
    stage({ state: 'armed' }),
    stage({ state: 'running' }),
    stage({ state: 'running', steps: step(1) }),
    stage({ state: 'running', steps: step(2) }),
    stage({ state: 'decided', verdict }),
    stage({ state: 'armed' }),
    stage({ state: 'running' }),
  ];
  assert.deepEqual(
    told.map(change => waiting.add(change)),
    [true, true, false, false, true, true, true],
  );
  assert.deepEqual(waiting.take(), [told[0], told[3], told[4], told[5], told[6]]);
  assert.equal(waiting.size, 0);
});

test('an abort ends a stream that waits', async () => {
  const station = scriptedStation();
  const leaving = new AbortController();
  const stream = live(station, leaving.signal);
  await stream.next();
  const waiting = stream.next();
  leaving.abort();
  assert.deepEqual(await waiting, { value: undefined, done: true });
  assert.equal(station.listeners(), 0);
});

test('each event changes its part of the picture and nothing else', () => {
  const armed = { ...idleFixture, state: 'armed', serial: 'SN-1' } as const;
  const outbox = { queued: 3, sending: 0, enrolled: 0, conflict: 0, quarantined: 0 };
  const connection = { state: 'offline', since: 5, code: 'offline' } as const;
  const cases: [LiveEvent, StationView][] = [
    [
      { kind: 'fixture', fixture: armed },
      { ...stationView, fixtures: [armed] },
    ],
    [
      { kind: 'outbox', outbox },
      { ...stationView, outbox },
    ],
    [
      { kind: 'connection', connection },
      { ...stationView, connection },
    ],
    [
      { kind: 'today', today: passedToday(2) },
      { ...stationView, today: passedToday(2) },
    ],
    [
      { kind: 'fault', fault: 'ledger-full' },
      { ...stationView, fault: 'ledger-full' },
    ],
  ];
  for (const [event, after] of cases) assert.deepEqual(applyEvent(stationView, event), after);
  const faulty = { ...stationView, fault: 'ledger-full' };
  assert.deepEqual(applyEvent(faulty, { kind: 'fault', fault: null }), stationView);
  assert.deepEqual(applyEvent(faulty, { kind: 'snapshot', view: stationView }), stationView);
  assert.equal(applyEvent(undefined, { kind: 'fault', fault: null }), undefined);
});
