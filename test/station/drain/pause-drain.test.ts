import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addPerson } from '../../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../../src/station/access/sign-in.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { forecastDrain } from '../../../src/station/drain/drain-forecast.ts';
import { drainOutboxOnce } from '../../../src/station/drain/drain-outbox.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { drainPauseOf, pauseDrain, resumeDrain } from '../../../src/station/drain/pause-drain.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { mina, owner } from '../access/people-fixture.ts';
import { coreForTest, entriesOf, readAttempt } from '../station-fixture.ts';

const target = { host: 'ours.azure-devices-provisioning.net', idScope: null };
const connectionString = `HostName=${target.host};SharedAccessKeyName=k;SharedAccessKey=${Buffer.alloc(32).toString('base64')}`;

describe('pauseDrain', () => {
  it('O1 gives the drain nothing, for every process and after a restart, until it is resumed; what is tested waits', async () => {
    using core = coreForTest();
    const who = await mina(core);
    recordAttempt(core, readAttempt(1, 'SN-1'));
    recordAttempt(core, readAttempt(2, 'SN-2'));
    const store = outboxStoreOf(core, target);
    const [onItsWay] = store.take(1, Date.now());
    const { since } = pauseDrain(core, { who, reason: 'DPS is being moved' });
    recordAttempt(core, readAttempt(3, 'SN-3'));

    const other = openCore({ dataDirectory: core.folder, env: {} });
    try {
      assert.deepEqual(drainPauseOf(other), { since, reason: 'DPS is being moved' });
      for (const each of [store, outboxStoreOf(other, target)]) {
        assert.deepEqual(each.take(10, Date.now()), []);
        assert.deepEqual(each.unresolved(10), []);
        assert.equal(each.nextDue(), undefined);
      }
      assert.deepEqual(
        [forecastDrain(other, 'online').limitedBy, forecastDrain(other, 'online').emptyInMs],
        ['pause', null],
      );
    } finally {
      other.close();
    }
    // What was on its way is still answered.
    assert.ok(onItsWay?.kind === 'entry');
    store.settle([{ kind: 'enrolled', entryId: onItsWay.entry.entryId, how: 'acknowledged' }]);
    assert.equal(core.ledger.counts.outbox().enrolled, 1);

    resumeDrain(core, { who, reason: 'it is done' });
    assert.equal(drainPauseOf(core), undefined);
    assert.equal(store.take(10, Date.now()).length, 2);
  });

  it('S1 is a supervisor’s and an engineer’s, and nobody’s who did not show who they are', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    const refusals = [];
    for (const role of ['operator', 'engineer', 'auditor'] as const) {
      const person = { id: role, name: role, role, pin: '864209' };
      await addPerson(core, person, supervisor);
      const who = await signInWithPin(core, { id: role }, person.pin);
      try {
        pauseDrain(core, { who, reason: 'why not' });
        resumeDrain(core, { who, reason: 'because' });
      } catch (error) {
        refusals.push([role, (error as { code: string }).code]);
      }
    }
    assert.deepEqual(refusals, [
      ['operator', 'role-missing'],
      ['auditor', 'role-missing'],
    ]);
    assert.throws(() => pauseDrain(core, { who: owner, reason: 'why not' }), { code: 'sign-in-needed' });
    assert.equal(drainPauseOf(core), undefined);
  });

  it('A1 leaves evidence of each change, once, with the reason and nobody’s name', async () => {
    using core = coreForTest();
    const who = await mina(core);
    const first = pauseDrain(core, { who, reason: 'first' });
    assert.deepEqual(pauseDrain(core, { who, reason: 'second' }), first);
    resumeDrain(core, { who, reason: 'third' });
    resumeDrain(core, { who, reason: 'fourth' });
    const written = entriesOf(core).filter(entry => entry.type === 'drain');
    assert.deepEqual(
      written.map(entry => entry.data),
      [
        { change: 'paused', because: 'first' },
        { change: 'resumed', because: 'third' },
      ],
    );
    assert.ok(!JSON.stringify(written).toLowerCase().includes('mina'));
  });

  it('is obeyed by a drain that is asked for by hand', async () => {
    using core = coreForTest({ env: { KEYLINE_DPS_CONNECTION_STRING: connectionString } });
    recordAttempt(core, readAttempt(1, 'SN-1'));
    pauseDrain(core, { who: await mina(core), reason: 'not today' });
    await assert.rejects(drainOutboxOnce(core, {}), { code: 'drain-paused', message: /not today/ });
  });
});
