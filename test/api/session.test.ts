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
  const state = new ShownState(show => frames.push(show));
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
  state.change(fixture({ state: 'idle' }));
  assert.deepEqual(shown, ['idle'], 'the first picture waits for nothing');
  state.change(fixture({ state: 'armed' }));
  state.change(fixture({ state: 'running' }));
  assert.equal(state.newest.view?.fixtures[0]?.state, 'running');
  assert.deepEqual(shown, ['idle']);
  assert.equal(frames.length, 1);
  frames.shift()!();
  assert.deepEqual(shown, ['idle', 'running']);
  state.change(fixture({ state: 'decided', verdict }));
  state.change(fixture({ state: 'armed' }));
  frames.shift()!();
  assert.deepEqual(shown, ['idle', 'running', 'decided', 'armed']);
  state.change({ ...state.newest, link: 'lost' });
  assert.equal(state.shown.link, 'lost', 'nor does it wait to say that nothing is known');
});
