import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEvent } from '../../src/api/apply-event.ts';
import { live } from '../../src/api/live.ts';
import type { LiveEvent, StationView } from '../../src/station/views.ts';
import { idleFixture, scriptedStation, stationView } from './scripted-station.ts';

const passedToday = (passed: number): StationView['today'] => ({
  ...stationView.today,
  passed,
  attempts: passed,
});

test('a client that falls behind gets the present picture, not a queue without end', async () => {
  const station = scriptedStation();
  const stream = live(station, undefined, 4);
  assert.equal((await stream.next()).value?.kind, 'snapshot');
  for (let n = 1; n <= 100; n++) {
    station.current = { ...station.current, today: passedToday(n) };
    station.emit({ kind: 'today', today: passedToday(n) });
  }
  assert.deepEqual((await stream.next()).value, { kind: 'snapshot', view: station.current });
  station.emit({ kind: 'fault', fault: 'ledger-full' });
  assert.equal((await stream.next()).value?.kind, 'fault', 'and then the changes again');
  await stream.return();
  assert.equal(station.listeners(), 0);
});

test('what changes between snapshot and next read is not lost', async () => {
  const station = scriptedStation();
  const stream = live(station);
  await stream.next();
  station.emit({ kind: 'today', today: passedToday(1) });
  station.emit({ kind: 'today', today: passedToday(2) });
  assert.deepEqual((await stream.next()).value, { kind: 'today', today: passedToday(1) });
  assert.deepEqual((await stream.next()).value, { kind: 'today', today: passedToday(2) });
  await stream.return();
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
