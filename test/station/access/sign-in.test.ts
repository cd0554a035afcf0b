import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { authorize } from '../../../src/station/access/authorize.ts';
import { addPerson, listPeople, removePerson, setPin } from '../../../src/station/access/manage-people.ts';
import { signInWithBadge, signInWithPin } from '../../../src/station/access/sign-in.ts';
import { coreForTest, entriesOf } from '../station-fixture.ts';
import { mina, minaPin, movedClock, owner } from './people-fixture.ts';

const refused = { code: 'sign-in-refused' };
const locked = { code: 'sign-in-locked' };

describe('signing in', () => {
  it('S1 takes the id in any case with its PIN, and nobody else', async () => {
    using core = coreForTest();
    await mina(core);
    assert.equal((await signInWithPin(core, { id: 'MINA' }, minaPin)).proof, 'pin');
    await assert.rejects(signInWithPin(core, { id: 'mina' }, '240818'), refused);
    await assert.rejects(signInWithPin(core, { id: 'nobody' }, minaPin), refused);
    await assert.rejects(signInWithPin(core, { id: '' }, ''), refused);
  });

  it('S1 gives a badge alone no more than an operator’s rights, and with the PIN all of the role’s', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    const lee = { id: 'lee', name: 'Lee', role: 'supervisor', pin: '913572', badge: ' 0004711 ' } as const;
    await addPerson(core, lee, supervisor);
    await addPerson(core, { id: 'park', name: 'Park', role: 'operator', badge: '0004712' }, supervisor);
    const may = (who: Parameters<typeof authorize>[2]) => () => authorize(core, 'manage-people', who);
    assert.throws(may(signInWithBadge(core, '0004711')), { code: 'pin-needed' });
    assert.throws(may(signInWithBadge(core, '0004712')), { code: 'role-missing' });
    assert.throws(may(owner), { code: 'sign-in-needed' });
    assert.equal(may(await signInWithPin(core, { badge: '0004711' }, '913572'))(), 'person:lee');
    assert.throws(() => signInWithBadge(core, '0004713'), refused);
    await assert.rejects(signInWithPin(core, { badge: '0004712' }, '913572'), refused);
  });

  it('S1 slows down after two wrong PINs, locks after five and says so in the audit, forgives after a right one', async () => {
    const clock = movedClock();
    using core = coreForTest({ clock });
    await mina(core);
    const wrong = () => signInWithPin(core, { id: 'mina' }, '999111');
    for (const seconds of [0, 0, 5, 30, 300, 900, 900]) {
      await assert.rejects(wrong(), refused);
      if (seconds === 0) continue;
      await assert.rejects(signInWithPin(core, { id: 'mina' }, minaPin), locked);
      clock.now += seconds * 1000 - 1;
      await assert.rejects(wrong(), locked);
      clock.now += 1;
    }
    assert.equal(entriesOf(core).filter(entry => entry.data.change === 'locked').length, 3);
    await signInWithPin(core, { id: 'mina' }, minaPin);
    await assert.rejects(wrong(), refused);
    await signInWithPin(core, { id: 'mina' }, minaPin);
  });

  it('S1 keeps the count over a restart, and counts guesses that come at once before it looks at any', async () => {
    const clock = movedClock();
    using first = coreForTest({ clock });
    await mina(first);
    const guesses = ['1', '2', '3', '4'].map(n => signInWithPin(first, { id: 'mina' }, `99911${n}`));
    const ends = await Promise.allSettled(guesses);
    assert.deepEqual(ends.map(end => (end as PromiseRejectedResult).reason.code).sort(), [
      'sign-in-locked',
      'sign-in-refused',
      'sign-in-refused',
      'sign-in-refused',
    ]);
    using second = coreForTest({ clock, folder: first.folder });
    await assert.rejects(signInWithPin(second, { id: 'mina' }, minaPin), locked);
  });

  it('O7 is not locked for years by a clock that ran ahead', async () => {
    const clock = movedClock();
    using core = coreForTest({ clock });
    await mina(core);
    const today = clock.now;
    clock.now += 2 * 365 * 24 * 3_600_000;
    for (let n = 0; n < 3; n += 1)
      await assert.rejects(signInWithPin(core, { id: 'mina' }, '999111'), refused);
    clock.now = today;
    await assert.rejects(signInWithPin(core, { id: 'mina' }, minaPin), locked);
    assert.equal(listPeople(core)[0]!.lockedUntil, today + 15 * 60_000);
    clock.now += 15 * 60_000;
    await signInWithPin(core, { id: 'mina' }, minaPin);
  });

  it('S1 ends with the person: who was removed may do nothing more', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    await addPerson(core, { id: 'lee', name: 'Lee', role: 'supervisor', pin: '913572' }, supervisor);
    const lee = await signInWithPin(core, { id: 'lee' }, '913572');
    removePerson(core, 'lee', supervisor);
    assert.throws(() => authorize(core, 'manage-people', lee), refused);
    await assert.rejects(signInWithPin(core, { id: 'lee' }, '913572'), refused);
  });

  it('is not won by a PIN that was replaced while it was looked at', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    const slow = signInWithPin(core, { id: 'mina' }, minaPin);
    const { persons } = core.ledger;
    const row = persons.byAccount('person:mina')!;
    persons.setPin(row.person_id, row.pin_hash!.replace('ln=15', 'ln=14'));
    await assert.rejects(slow, refused);
    await setPin(core, 'mina', '531975', supervisor);
    await signInWithPin(core, { id: 'mina' }, '531975');
    await assert.rejects(signInWithPin(core, { id: 'mina' }, minaPin), refused);
  });

  it('S4 stops where the key of the PINs is gone, and makes no other', async () => {
    using core = coreForTest();
    await mina(core);
    rmSync(path.join(core.folder, 'secrets', 'sign-in-key'));
    const gone = { code: 'sign-in-key-missing' };
    await assert.rejects(signInWithPin(core, { id: 'mina' }, minaPin), gone);
    await assert.rejects(setPin(core, 'mina', '913572', owner), gone);
  });

  it('S2 A1 leaves no PIN and no badge in any file, and no name or id in the audit', async () => {
    using core = coreForTest();
    const supervisor = await mina(core);
    await addPerson(core, { id: 'lee', name: 'Lee', role: 'operator', badge: 'badge-471147' }, supervisor);
    removePerson(core, 'lee', supervisor);
    for (const file of ['ledger.sqlite', 'ledger.sqlite-wal']) {
      const bytes = readFileSync(path.join(core.folder, file));
      for (const secret of [minaPin, 'badge-471147']) assert.equal(bytes.includes(secret), false, secret);
    }
    const audit = [...core.ledger.audit.iterate()].map(row => row.entry.toString()).join('\n');
    assert.match(audit, /"change":"removed"/);
    assert.doesNotMatch(audit, /mina|Kim|lee|os:test/i);
  });
});
