/** A station that stops and opens again, over the API: a window sees which it is, may ask no more than that allows, and comes back by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSession, type SessionState } from '../../src/api/session.ts';
import type { Entered } from '../../src/station/keep-station.ts';
import type { StopDesk, StopView } from '../../src/station/stop-view.ts';
import { scriptedStation, stationView, unexpected } from './scripted-station.ts';
import { type Joined, transports } from './transports.ts';

const stoppedView: StopView = {
  state: 'stopped',
  failure: { code: 'corrupt', detail: 'malformed' },
  backups: [],
  restore: 'pin',
  canEnd: false,
};

/** A door to a scripted station, open or not as the test says. */
function scriptedDoor() {
  const station = scriptedStation();
  const calls: unknown[] = [];
  let isOpen = false;
  let tell: (view: StopView) => void = () => {};
  let inside: (() => void)[] = [];
  const done = (call: unknown) => {
    calls.push(call);
    return { ok: true } as const;
  };
  const stop: StopDesk = {
    view: () => stoppedView,
    subscribe(listener) {
      tell = listener;
      return () => calls.push('left');
    },
    openAgain: () => done('openAgain'),
    restore: input => done(input),
    end: () => done('end'),
    close: () => {},
  };
  return {
    calls,
    station,
    tell: (view: StopView) => tell(view),
    turn(open: boolean) {
      isOpen = open;
      const gone = inside;
      inside = [];
      for (const each of gone) each();
    },
    enter(_window: unknown, gone: () => void): Entered {
      inside.push(gone);
      return isOpen
        ? { open: true, window: station, close: () => {} }
        : { open: false, stop, close: () => {} };
    },
  };
}

for (const [name, open] of Object.entries(transports))
  test(`${name}: S4 a window of a stopped station says why, asks for what is left, and comes back when it opens`, async () => {
    const door = scriptedDoor();
    const joined: Joined[] = [];
    const session = openSession(
      async () => {
        const one = await open({ station: door, onFault: unexpected });
        joined.push(one);
        return one.api;
      },
      { firstDelay: 5, longestDelay: 20 },
    );
    const reaches = (fits: (state: SessionState) => boolean) =>
      new Promise<SessionState>(resolve => {
        const look = () => {
          if (!fits(session.state())) return;
          leave();
          resolve(session.state());
        };
        const leave = session.subscribe(look);
        look();
      });
    try {
      assert.deepEqual((await reaches(({ link }) => link === 'live')).stop, stoppedView);
      // Nothing of a station is there.
      await assert.rejects(session.start({}), { name: 'ApiError', code: 'failed' });
      assert.deepEqual(await session.openAgain(), { ok: true });
      const restore = { name: 'keyline-one', reason: 'disk', by: { id: 'mina', pin: '240817' } };
      assert.deepEqual(await session.restoreStopped(restore), { ok: true });
      await assert.rejects(session.restoreStopped({ ...restore, reason: 'x'.repeat(401) }), {
        code: 'invalid-input',
      });
      assert.deepEqual(door.calls, ['openAgain', restore]);
      door.tell({ state: 'restoring', backup: 'keyline-one' });
      await reaches(({ stop }) => stop?.state === 'restoring');
      door.turn(true);
      const opened = await reaches(({ view }) => view !== undefined);
      assert.deepEqual([opened.view, opened.stop], [stationView, undefined]);
      assert.ok(door.calls.includes('left'));
      await assert.rejects(session.openAgain(), { name: 'ApiError', code: 'failed' });
      assert.deepEqual(await session.start({}), { ok: true, started: 1 });
      door.turn(false);
      assert.equal((await reaches(({ stop }) => stop !== undefined)).view, undefined);
    } finally {
      session.close();
      for (const each of joined) await each.end();
    }
  });
