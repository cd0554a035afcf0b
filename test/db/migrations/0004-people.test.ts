import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { PersonTable } from '../../../db/person.ts';
import { directoryFor, noon } from '../ledger-fixture.ts';

it('S1 step 4 keeps the accounts of before, without a role, and takes people who sign in', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 3);
  const before = { person_id: 'person-1', account: 'os:root', created_at: noon };
  db.prepare('INSERT INTO person VALUES (@person_id, @account, @created_at)').run(before);
  migrate(db, 4);
  assert.equal(schemaVersionOf(db), 4);
  const persons = new PersonTable(db);
  assert.deepEqual(persons.get('person-1'), {
    ...before,
    name: null,
    role: null,
    badge_digest: null,
    pin_hash: null,
    wrong_pins: 0,
    pin_not_before: 0,
    removed_at: null,
  });
  assert.deepEqual(persons.signingIn(), []);
  persons.enter({
    ...before,
    person_id: 'p',
    account: 'person:kim',
    name: 'Kim',
    role: 'engineer',
    badge_digest: null,
    pin_hash: 'h',
  });
  assert.equal(persons.signingIn().length, 1);
  assert.throws(() => db.prepare(`UPDATE person SET role = 'owner' WHERE person_id = 'p'`).run(), /CHECK/);
});
