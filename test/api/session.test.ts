import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../src/api/contract.ts';
import { openSession, type Session, type SessionState } from '../../src/api/session.ts';
import { ShownState } from '../../src/api/shown-state.ts';
import type { FixtureView } from '../../src/station/views.ts';
import { idleFixture, scriptedStation, stationView, unexpected } from './scripted-station.ts';
import { type Joined, transports } from './transports.ts';

/** Resolves with the first state that fits; fails the test after 5 s. */
function reaches(session: Session, fits: (state: SessionState) => boolean): Promise<SessionState> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`still ${JSON.stringify(session.state())}`)), 5000);
    const look = () => {
      if (!fits(session.state())) return;
      clearTimeout(timer);
      leave();
      resolve(session.state());
    };
    const leave = session.subscribe(look);
    look();
  });
}

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: a session lives through a dropped connection and then shows what is true`, async () => {
    const station = scriptedStation();
    const joined: Joined[] = [];
    const connect = async (): Promise<Api> => {
      const one = await open({ station, onFault: unexpected });
      joined.push(one);
      return one.api;
    };
    const session = openSession(connect, { firstDelay: 5, longestDelay: 20 });
    assert.deepEqual(session.state(), { link: 'connecting' });
    await assert.rejects(session.start({}), { name: 'ApiError', code: 'closed' });
    await reaches(session, state => state.link === 'live');
    assert.deepEqual(await session.start({}), { ok: true, started: 1 });

    const lost = reaches(session, state => state.link === 'lost');
    await joined[0]?.end();
    assert.deepEqual((await lost).view, stationView, 'the last picture stays while lost');
    station.current = { ...stationView, fault: 'ledger-full' };
    const back = await reaches(session, state => state.link === 'live');
    assert.equal(back.view?.fault, 'ledger-full');
    assert.equal(joined.length, 2);

    station.emit({ kind: 'fault', fault: null });
    await reaches(session, state => state.view !== undefined && !('fault' in state.view));
    session.close();
    await Promise.all(joined.map(one => one.end()));
  });
}

test('a session goes on trying while nothing answers, and stops when closed', async () => {
  let attempts = 0;
  const tried = Promise.withResolvers<void>();
  const session = openSession(
    async () => {
      attempts += 1;
      if (attempts === 5) tried.resolve();
      throw new Error('nobody there');
    },
    { firstDelay: 1, longestDelay: 4 },
  );
  await tried.promise;
  assert.equal(session.state().link, 'connecting');
  session.close();
});

test('a screen draws once for many changes, and no verdict is passed over', async () => {
  const frames: (() => void)[] = [];
  const shown: string[] = [];
  const state = new ShownState(show => {
    frames.push(show);
    return () => {};
  });
  const fixture = (change: Partial<FixtureView>): SessionState => ({
    link: 'live',
    view: { ...stationView, fixtures: [{ ...idleFixture, serial: 'SN-1', ...change }] },
  });
  state.subscribe(() => shown.push(state.shown.view!.fixtures[0]!.state));
  const verdict = {
    harvestId: 'h1',
    verdict: 'passed',
    code: 'passed',
    warnings: [],
    committedAt: 1,
  } as const;
  state.change(fixture({ state: 'idle' }), false);
  assert.deepEqual(shown, ['idle'], 'the first picture waits for nothing');
  state.change(fixture({ state: 'armed' }), false);
  state.change(fixture({ state: 'running' }), false);
  assert.equal(state.newest.view?.fixtures[0]?.state, 'running');
  assert.deepEqual(shown, ['idle']);
  assert.equal(frames.length, 1);
  frames.shift()!();
  assert.deepEqual(shown, ['idle', 'running']);
  state.change(fixture({ state: 'decided', verdict }), false);
  state.change(fixture({ state: 'armed' }), false);
  frames.shift()!();
  assert.deepEqual(shown, ['idle', 'running', 'decided', 'armed']);
  state.change({ ...state.newest, link: 'lost' }, true);
  assert.equal(state.shown.link, 'lost', 'nor does it wait to say that nothing is known');
});

test('what somebody waits for is brought forward, and brings with it what was to be shown later', () => {
  const coming: { readonly show: () => void; readonly isAwaited: boolean }[] = [];
  const state = new ShownState((show, isAwaited) => {
    const one = { show, isAwaited };
    coming.push(one);
    return () => void coming.splice(coming.indexOf(one), 1);
  });
  const passed = (count: number): SessionState => ({
    link: 'live',
    view: { ...stationView, today: { ...stationView.today, passed: count } },
  });
  state.change(passed(1), true);
  assert.equal(coming.length, 0, 'the first picture waits for nothing');
  const asked = () => coming.map(({ isAwaited }) => isAwaited);
  state.change(passed(2), false);
  state.change(passed(3), false);
  assert.deepEqual(asked(), [false]);
  state.change(passed(4), true);
  assert.deepEqual(asked(), [true], 'one draw, and sooner');
  state.change(passed(5), false);
  assert.deepEqual(asked(), [true]);
  coming.pop()!.show();
  assert.equal(state.shown.view?.today.passed, 5);
  state.change(passed(6), false);
  assert.deepEqual(asked(), [false], 'and then as before');
});

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: a scan’s own change is awaited, what runs do by themselves is not`, async t => {
    const station = scriptedStation({
      scan() {
        station.emit({ kind: 'fixture', fixture: { ...idleFixture, state: 'armed', serial: 'SN-1' } });
        return { ok: true, fixture: 'f1' };
      },
    });
    const joined: Joined[] = [];
    const awaited: boolean[] = [];
    const connect = async (): Promise<Api> => {
      const one = await open({ station, onFault: unexpected });
      joined.push(one);
      return one.api;
    };
    const session = openSession(connect, {
      showLater: (show, isAwaited) => {
        awaited.push(isAwaited);
        show();
        return () => {};
      },
    });
    t.after(async () => {
      session.close();
      await Promise.all(joined.map(one => one.end()));
    });
    await reaches(session, state => state.link === 'live');
    const stands = (state: FixtureView['state']) =>
      reaches(session, ({ view }) => view?.fixtures[0]?.state === state);
    awaited.length = 0;
    station.emit({ kind: 'fixture', fixture: { ...idleFixture, state: 'running' } });
    await stands('running');
    assert.deepEqual(awaited.splice(0), [false]);
    station.emit({ kind: 'fault', fault: 'ledger-full' });
    await reaches(session, ({ view }) => view?.fault !== undefined);
    assert.deepEqual(awaited.splice(0), [true], 'a fault is for everybody');
    await session.scan({ text: 'SN-1' });
    await stands('armed');
    assert.deepEqual(awaited, [true]);
  });
}
