/** The drain over the API, on a real station core: what it says, who may hold it back, and what every picture says then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/api/contract.ts';
import type { Hands } from '../../src/station/access/hands.ts';
import { addPerson } from '../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../src/station/access/sign-in.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { drainControl } from '../../src/station/kiosk/drain-control.ts';
import { queueDesk } from '../../src/station/kiosk/queue-desk.ts';
import { mina, minaPin } from '../station/access/people-fixture.ts';
import { coreForTest, readAttempt, type TestCore } from '../station/station-fixture.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

/** Nobody signed in: every act is by whom it names. */
const handsOf = (core: TestCore): Hands => ({
  account: () => 'kiosk',
  actor: async by => signInWithPin(core, by as { id: string }, by!.pin),
});

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: S1 the drain is held back and let go by whoever has the role and the PIN`, async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    const choi = { id: 'choi', name: 'Choi', role: 'operator', pin: '864209' } as const;
    await addPerson(core, choi, supervisor);
    recordAttempt(core, readAttempt(1, 'SN-1'));
    let changed = 0;
    let tried = 0;
    const drain = drainControl(core, handsOf(core), {
      reach: () => 'online',
      history: now => [{ at: now.at - 60_000, waiting: 0 }, now],
      tryNow: () => (tried += 1),
      changed: () => (changed += 1),
    });
    const { api, end } = await open({ station: scriptedStation({ drain }), onFault: unexpected });

    const before = await api.drainOutlook();
    assert.deepEqual([before.forecast.waiting, before.paused, before.history.length], [1, null, 2]);
    assert.ok(before.forecast.emptyInMs !== null);
    const pause = async (by: { id: string; pin: string }, reason = 'DPS is being moved') => {
      const answer = await api.pauseDrain({ reason, by });
      return answer.ok || answer.code;
    };
    assert.equal(await pause({ id: 'choi', pin: choi.pin }), 'role-missing');
    assert.equal(await pause({ id: 'mina', pin: '111111' }), 'sign-in-refused');
    assert.equal(await pause({ id: 'mina', pin: minaPin }, ' '), 'reason-invalid');
    assert.equal(changed, 0);
    assert.equal(await pause({ id: 'mina', pin: minaPin }), true);
    const paused = await api.drainOutlook();
    assert.deepEqual(
      [paused.paused?.reason, paused.forecast.limitedBy, paused.forecast.emptyInMs],
      ['DPS is being moved', 'pause', null],
    );
    const resumed = await api.resumeDrain({ reason: 'moved', by: { id: 'mina', pin: minaPin } });
    assert.deepEqual([resumed, changed], [{ ok: true }, 2]);
    await api.tryDrainNow();
    assert.deepEqual([(await api.drainOutlook()).paused, tried], [null, 1]);
    await end();
  });

  test(`${name}: S2 an act on the drain outside its bounds never reaches the station, and no PIN comes back`, async () => {
    const faults: unknown[] = [];
    const station = scriptedStation();
    const { api, end } = await open({ station, onFault: fault => faults.push(fault) });
    const act = { reason: 'why', by: { id: 'mina', pin: minaPin } };
    for (const bad of [
      { ...act, reason: 'x'.repeat(401) },
      { ...act, by: { id: 'mina' } },
      { ...act, more: 1 },
      {},
    ])
      await assert.rejects(
        api.pauseDrain(bad as never),
        error =>
          error instanceof ApiError && error.code === 'invalid-input' && !error.message.includes(minaPin),
      );
    await assert.rejects(api.listDebts({ limit: 201 }), { code: 'invalid-input' });
    assert.deepEqual(station.calls, []);
    assert.deepEqual(faults, []);
    await end();
  });

  test(`${name}: H8 certificate debt comes page by page, oldest first`, async () => {
    using core = coreForTest();
    const product = { name: 'default', certificate: 'warn' } as const;
    for (let n = 0; n < 5; n += 1) recordAttempt(core, readAttempt(n, `SN-${n}`, { product }));
    const queue = queueDesk(core, handsOf(core), () => {});
    const { api, end } = await open({ station: scriptedStation({ queue }), onFault: unexpected });
    const first = await api.listDebts({ limit: 3 });
    const second = await api.listDebts({ limit: 3, after: first.at(-1)!.deviceId });
    assert.deepEqual(
      [...first, ...second].map(debt => [debt.serial, debt.certificate]),
      [0, 1, 2, 3, 4].map(n => [`SN-${n}`, 'unchecked']),
    );
    await end();
  });
}
