import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { ledgerFor, noon, personId } from './ledger-fixture.ts';

const lee = {
  person_id: 'person-lee',
  account: 'person:lee',
  created_at: noon,
  name: 'Lee',
  role: 'operator',
  badge_digest: 'ab'.repeat(32),
  pin_hash: null,
} as const;

describe('the people of a ledger', () => {
  it('sign in by account or badge, in order; accounts of the host do not', t => {
    const { persons } = ledgerFor(t);
    persons.enter(lee);
    persons.enter({ ...lee, person_id: 'person-kim', account: 'person:kim', badge_digest: null });
    assert.deepEqual(
      persons.signingIn().map(row => row.account),
      ['person:kim', 'person:lee'],
    );
    assert.equal(persons.byBadge(lee.badge_digest)!.person_id, 'person-lee');
    assert.equal(persons.byAccount('os:test')!.role, null);
    assert.equal(persons.setPin(personId, 'hash'), false);
    assert.equal(persons.remove(personId, noon), false);
  });

  it('A1 lose all but their random id, which the evidence goes on naming', t => {
    const { persons } = ledgerFor(t);
    persons.enter(lee);
    assert.ok(persons.setPin('person-lee', 'hash'));
    persons.countPins('person-lee', 3, noon + 5000);
    assert.ok(persons.remove('person-lee', noon + 1));
    assert.deepEqual(persons.get('person-lee'), {
      ...lee,
      account: 'removed:person-lee',
      name: null,
      role: null,
      badge_digest: null,
      pin_hash: null,
      wrong_pins: 0,
      pin_not_before: 0,
      removed_at: noon + 1,
    });
    assert.equal(persons.remove('person-lee', noon + 2), false);
    persons.enter({ ...lee, person_id: 'person-lee-2' });
  });

  it('A1 are never deleted, and no two share an account or a badge', t => {
    const ledger = ledgerFor(t);
    ledger.persons.enter(lee);
    const raw = new Database(ledger.path);
    t.after(() => raw.close());
    assert.throws(() => raw.prepare('DELETE FROM person').run(), /no removal/);
    const twice = (change: object) => () => ledger.persons.enter({ ...lee, person_id: 'another', ...change });
    assert.throws(twice({ badge_digest: null }), { name: 'LedgerError' });
    assert.throws(twice({ account: 'person:other' }), { name: 'LedgerError' });
  });
});
