/** Signing in over the API, on a real station: roles are refused in the core, whoever the client is (rule S1). */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ApiError, inputBounds, type WhoView } from '../../src/api/contract.ts';
import { openSession } from '../../src/api/session.ts';
import { openStation, type Station } from '../../src/station/open-station.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

const mina = { id: 'mina', name: 'Kim Mina', pin: '240817', badge: 'B-0001' } as const;
const hasCode = (code: string) => (error: unknown) => error instanceof ApiError && error.code === code;

async function withStation(body: (station: Station) => Promise<void>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-access-'));
  const station = await openStation({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1' } });
  try {
    await body(station);
  } finally {
    await station.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: S1 each connection is a window of its own: one is signed in, the other is refused`, () =>
    withStation(async station => {
      const context = { station: station.kiosk, onFault: unexpected };
      const far = await open(context);
      const refused = await far.api.addFirstSupervisor(mina);
      assert.deepEqual(refused, { ok: false, code: 'first-supervisor' }, 'not a window of its own');
      const own = await open({ ...context, ownWindow: true });
      const made = await own.api.addFirstSupervisor(mina);
      assert.ok(made.ok);
      assert.ok((await own.api.listPeople()).ok);
      await assert.rejects(far.api.scan({ text: 'SN-1' }), hasCode('sign-in-needed'));
      await assert.rejects(far.api.start({}), hasCode('sign-in-needed'));
      await assert.rejects(far.api.listQueue({ state: 'queued', limit: 1 }), hasCode('sign-in-needed'));
      assert.deepEqual(await far.api.removePerson({ id: 'mina' }), { ok: false, code: 'sign-in-needed' });
      assert.deepEqual((await far.api.view()).who, { state: 'locked' });
      assert.deepEqual(await far.api.resume({ secret: 'x' }), { ok: false });
      await far.end();
      assert.deepEqual((await own.api.view()).who?.state, 'signed-in', 'who leaves takes nobody along');
      await own.end();
    }));

  test(`${name}: a session joined anew is signed in as before, by its secret, and knows when it was locked`, () =>
    withStation(async station => {
      const joined: Awaited<ReturnType<typeof open>>[] = [];
      let kept: string | undefined;
      const connect = async () => {
        joined.push(await open({ station: station.kiosk, onFault: unexpected, ownWindow: true }));
        return joined.at(-1)!.api;
      };
      const secret = {
        read: () => kept,
        write: (next: string | undefined) => {
          kept = next;
        },
      };
      const session = openSession(connect, { firstDelay: 5, secret });
      const becomes = (fits: (who: WhoView | undefined) => boolean) =>
        new Promise<void>(resolve => {
          const look = () => {
            const { link, view } = session.state();
            if (link !== 'live' || !fits(view?.who)) return;
            leave();
            resolve();
          };
          const leave = session.subscribe(look);
          look();
        });
      await becomes(who => who === undefined);
      assert.ok((await session.addFirstSupervisor(mina)).ok);
      await becomes(who => who?.state === 'signed-in');
      assert.ok(kept);
      joined[0]!.api.close();
      while (joined.length < 2 || session.state().link !== 'live') await new Promise(setImmediate);
      assert.equal(session.state().view?.who?.state, 'signed-in');
      await session.lock();
      await becomes(who => who?.state === 'locked');
      assert.equal(kept, undefined);
      assert.ok((await session.signIn({ badge: mina.badge })).ok);
      await becomes(who => who?.state === 'signed-in' && who.proof === 'badge');
      session.close();
      for (const each of joined) await each.end();
    }));

  test(`${name}: S1 claims outside their bounds never reach the station`, async () => {
    const station = scriptedStation();
    const { api, end } = await open({ station, onFault: unexpected });
    for (const claim of [
      {},
      { pin: '240817' },
      { badge: '' },
      { badge: 'x'.repeat(inputBounds.badge + 1) },
      { id: 'mina', pin: 'x'.repeat(inputBounds.pin + 1) },
      { id: 'mina', badge: 'B-0001', pin: '240817' },
      { id: 'mina' },
    ])
      await assert.rejects(api.signIn(claim as never), hasCode('invalid-input'));
    const person = { id: 'park', name: 'Park', role: 'root' };
    await assert.rejects(api.addPerson(person as never), hasCode('invalid-input'));
    const given = { fixture: 'f1', password: 'x'.repeat(inputBounds.password) };
    for (const changed of [
      { ...given, password: '' },
      { ...given, password: `${given.password}x` },
      { ...given, fixture: '' },
      { ...given, by: { id: 'mina' } },
      { ...given, text: 'more' },
    ])
      await assert.rejects(api.giveHierarchyPassword(changed as never), hasCode('invalid-input'));
    assert.deepEqual(station.calls, []);
    assert.deepEqual(await api.giveHierarchyPassword(given), { ok: true, started: true });
    assert.deepEqual(await api.forgetHierarchyPassword({ fixture: 'f1' }), { ok: true });
    assert.deepEqual(
      station.calls.map(({ method }) => method),
      ['passwords.give', 'passwords.forget'],
    );
    await end();
  });
}
