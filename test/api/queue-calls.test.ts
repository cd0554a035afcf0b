/** The conflict desk over the API, on a real station core: input bounded, roles checked, refusals as values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/api/contract.ts';
import type { Hands } from '../../src/station/access/hands.ts';
import { addPerson } from '../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../src/station/access/sign-in.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { outboxStoreOf } from '../../src/station/drain/outbox-store.ts';
import { queueDesk } from '../../src/station/kiosk/queue-desk.ts';
import { mina, minaPin } from '../station/access/people-fixture.ts';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { coreForTest, readAttempt, type TestCore } from '../station/station-fixture.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

/** One device whose key DPS has under another serial. */
function recordConflict(core: TestCore): string {
  const { enrollment, registrationId } = recordAttempt(core, readAttempt(1, 'SN-2'));
  const store = outboxStoreOf(core, { host: 'dps.example', idScope: null });
  store.take(1, Date.now());
  const { entryId } = enrollment!;
  const theirs = {
    registrationId,
    etag: '"1"',
    attestation: { type: 'tpm', tpm: { endorsementKey: base64Key(1) } },
    optionalDeviceInformation: { serial: 'SN-1', harvestId: 'harvest-of-another' },
  };
  store.settle([{ kind: 'conflict', entryId, reason: 'clone-elsewhere', theirs }]);
  return entryId;
}

/** Nobody signed in: every decision is by whom it names. */
function handsOf(core: TestCore): Hands {
  return {
    account: () => 'kiosk',
    actor: async by => signInWithPin(core, by as { id: string }, by!.pin),
  };
}

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: S1 a conflict is shown, and decided by whoever has the role and the PIN`, async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    const choi = { id: 'choi', name: 'Choi', role: 'operator', pin: '864209' } as const;
    await addPerson(core, choi, supervisor);
    const entry = recordConflict(core);
    let told = 0;
    const queue = queueDesk(core, handsOf(core), () => (told += 1));
    const { api, end } = await open({ station: scriptedStation({ queue }), onFault: unexpected });

    const listed = await api.listQueue({ state: 'conflict', limit: 10 });
    assert.deepEqual(
      listed.map(each => [each.entryId, each.reason, each.serial]),
      [[entry, 'clone-elsewhere', 'SN-2']],
    );
    assert.deepEqual(await api.listQueue({ state: 'conflict', limit: 10, after: entry }), []);
    const compared = await api.compareEntry({ entry });
    assert.ok(compared.ok);
    const { cause, fields } = compared.comparison;
    assert.equal(cause!.code, 'clone-elsewhere');
    const differing = fields.filter(field => field.differs).map(field => field.name);
    assert.ok(differing.includes('serial') && !differing.includes('endorsementKey'));
    assert.deepEqual(await api.compareEntry({ entry: 'nothing' }), {
      ok: false,
      code: 'entry-unknown',
      detail: 'no entry "nothing"',
    });

    const decide = async (id: string, pin: string) => {
      const decision = { entry, decision: 'keep', reason: 'label was swapped', by: { id, pin } } as const;
      const answer = await api.resolveEntry(decision);
      return answer.ok ? answer.resolution.state : answer.code;
    };
    assert.equal(await decide('mina', '240818'), 'sign-in-refused');
    assert.equal(await decide('choi', choi.pin), 'role-missing');
    assert.equal(told, 0);
    assert.equal(await decide('mina', minaPin), 'cancelled');
    assert.equal(told, 1);
    assert.equal(await decide('mina', minaPin), 'decision-unfit');
    assert.deepEqual(
      await api.retryEntry({ entry }).then(answer => !answer.ok && answer.code),
      'entry-not-waiting',
    );
    await end();
  });

  test(`${name}: S1 S2 a decision outside its bounds never reaches the station, and no PIN comes back`, async () => {
    const faults: unknown[] = [];
    const station = scriptedStation({
      queue: {
        ...scriptedStation().queue,
        resolve: () => Promise.reject(new Error('ledger gone')),
      },
    });
    const { api, end } = await open({ station, onFault: fault => faults.push(fault) });
    const good = { entry: 'e', decision: 'keep', reason: 'r', by: { id: 'mina', pin: minaPin } } as const;
    for (const bad of [
      { ...good, decision: 'delete' },
      { ...good, entry: '' },
      { ...good, entry: 'x'.repeat(65) },
      { ...good, reason: 'x'.repeat(401) },
      { ...good, by: { id: 'mina' } },
      { ...good, by: { id: 'mina', pin: '' } },
      { ...good, by: { id: 'mina', pin: minaPin, proof: 'pin' } },
    ]) {
      const seen = await api.resolveEntry(bad as never).catch((error: unknown) => error);
      assert.ok(seen instanceof ApiError && seen.code === 'invalid-input', JSON.stringify(bad));
      assert.doesNotMatch(`${seen} ${JSON.stringify(seen)}`, new RegExp(minaPin));
    }
    for (const bad of [
      { state: 'conflict', limit: 0 },
      { state: 'conflict', limit: 201 },
      { state: 'x', limit: 1 },
    ])
      await assert.rejects(api.listQueue(bad as never), { code: 'invalid-input' });
    assert.deepEqual([station.calls, faults], [[], []]);
    await assert.rejects(api.resolveEntry(good), { code: 'failed' });
    assert.doesNotMatch(String((faults[0] as Error).stack), new RegExp(minaPin));
    await end();
  });
}
