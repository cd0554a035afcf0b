import assert from 'node:assert/strict';
import { chownSync } from 'node:fs';
import { describe, it } from 'node:test';
import { addPerson, listPeople, removePerson, setPin } from '../../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../../src/station/access/sign-in.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { coreForTest, entriesOf, readAttempt } from '../station-fixture.ts';
import { mina, minaPin, owner } from './people-fixture.ts';

const lee = { id: 'lee', name: 'Lee', role: 'operator', pin: '913572' } as const;
const choi = { id: 'choi', name: 'Choi', role: 'engineer', pin: '864209' } as const;

describe('people', () => {
  it('S1 begin with a supervisor, made by the account that owns the data directory', async () => {
    using core = coreForTest();
    await assert.rejects(addPerson(core, lee, owner), { code: 'first-supervisor' });
    await mina(core);
    assert.deepEqual(
      listPeople(core).map(({ addedAt: _addedAt, ...view }) => view),
      [
        {
          id: 'mina',
          name: 'Kim Mina',
          role: 'supervisor',
          hasBadge: false,
          hasPin: true,
          lockedUntil: null,
        },
      ],
    );
    await assert.rejects(addPerson(core, lee, owner), { code: 'sign-in-needed' });
    await assert.rejects(addPerson(core, { ...lee, role: 'supervisor' }, owner), { code: 'sign-in-needed' });
  });

  it('S1 begin with nobody where another account owns the data directory', {
    skip: process.geteuid?.() === 0 ? false : 'only root can give a folder away',
  }, async () => {
    using core = coreForTest();
    chownSync(core.folder, 12_345, 12_345);
    await assert.rejects(mina(core), { code: 'first-supervisor' });
    assert.deepEqual(listPeople(core), []);
  });

  it('S1 A1 are changed by supervisors only, and the audit has each change with random ids and the role', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    await addPerson(core, lee, supervisor);
    await addPerson(core, choi, supervisor);
    for (const { id, pin } of [lee, choi]) {
      const who = await signInWithPin(core, { id }, pin);
      assert.throws(() => removePerson(core, 'mina', who), { code: 'role-missing' });
      await assert.rejects(setPin(core, 'mina', '777123', who), { code: 'role-missing' });
    }
    await setPin(core, 'lee', '246801', await signInWithPin(core, { id: 'lee' }, lee.pin));
    removePerson(core, 'choi', supervisor);
    const entries = entriesOf(core).filter(entry => entry.type === 'person');
    assert.deepEqual(
      entries.map(({ data }) => [data.change, data.role]),
      [
        ['added', 'supervisor'],
        ['added', 'operator'],
        ['added', 'engineer'],
        ['pin-set', 'operator'],
        ['removed', 'engineer'],
      ],
    );
    const [minaAdded, leeAdded, choiAdded, leeSet, choiRemoved] = entries;
    assert.equal(leeAdded!.personId, minaAdded!.data.subjectId);
    assert.equal(leeSet!.personId, leeAdded!.data.subjectId);
    assert.deepEqual(
      [choiRemoved!.personId, choiRemoved!.data.subjectId],
      [minaAdded!.data.subjectId, choiAdded!.data.subjectId],
    );
    assert.deepEqual(Object.keys(choiRemoved!.data).sort(), ['change', 'role', 'subjectId']);
  });

  it('A1 go without a trace but their random id, and their id and badge may be another’s later', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    await addPerson(core, { ...lee, badge: '0004711' }, supervisor);
    const before = core.ledger.persons.byAccount('person:lee')!;
    recordAttempt(core, readAttempt(1, 'SN-1', { account: 'person:lee' }));
    removePerson(core, 'LEE', supervisor);
    const { created_at, removed_at, ...left } = core.ledger.persons.get(before.person_id)!;
    assert.ok(removed_at! >= created_at);
    assert.deepEqual(left, {
      person_id: before.person_id,
      account: `removed:${before.person_id}`,
      name: null,
      role: null,
      badge_digest: null,
      pin_hash: null,
      wrong_pins: 0,
      pin_not_before: 0,
    });
    await addPerson(core, { ...lee, badge: '0004711' }, supervisor);
    assert.notEqual(core.ledger.persons.byAccount('person:lee')!.person_id, before.person_id);
    assert.throws(() => removePerson(core, 'kang', supervisor), { code: 'person-unknown' });
  });

  it('S1 keep their last supervisor', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    assert.throws(() => removePerson(core, 'mina', supervisor), { code: 'last-supervisor' });
    await addPerson(core, { ...lee, role: 'supervisor' }, supervisor);
    removePerson(core, 'mina', await signInWithPin(core, { id: 'lee' }, lee.pin));
    await assert.rejects(signInWithPin(core, { id: 'mina' }, minaPin), { code: 'sign-in-refused' });
  });

  it('have ids, names, badges and PINs that can be told apart', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    const add = (change: object) => addPerson(core, { ...lee, badge: '0004711', ...change }, supervisor);
    await add({});
    await assert.rejects(add({ id: 'Lee', badge: undefined }), { code: 'person-exists' });
    await assert.rejects(add({ id: 'lee2' }), { code: 'badge-taken' });
    for (const change of [
      ...['', ' lee', '-lee', 'a b', 'x'.repeat(41), 'lee\n'].map(id => ({ id, badge: undefined })),
      ...['', ' ', 'x'.repeat(61), 'a\u202eb'].map(name => ({ id: 'n', name })),
      ...['', '123', 'a\tb\tc'].map(badge => ({ id: 'b', badge })),
    ])
      await assert.rejects(add(change), { code: 'person-invalid' }, JSON.stringify(change));
    for (const change of [
      ...['', '123456', '77'].map(pin => ({ id: 'p', badge: undefined, pin })),
      { id: 'e', badge: '0004712', role: 'engineer', pin: undefined },
      { id: 'o', badge: undefined, pin: undefined },
    ])
      await assert.rejects(add(change), { code: 'pin-weak' }, JSON.stringify(change));
    assert.equal((await add({ id: '김민아', badge: '0004713', pin: undefined })).id, '김민아');
    assert.equal(listPeople(core).length, 3);
  });
});
