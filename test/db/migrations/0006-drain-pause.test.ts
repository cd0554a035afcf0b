import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { DrainPauseTable } from '../../../db/drain-pause.ts';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { directoryFor, noon } from '../ledger-fixture.ts';

it('step 6 leaves the drain of before sending, and takes one pause at a time', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 5);
  for (const person of ['person-1', 'person-2'])
    db.prepare('INSERT INTO person (person_id, account, created_at) VALUES (?, ?, ?)').run(
      person,
      `os:${person}`,
      noon,
    );
  migrate(db, 6);
  assert.equal(schemaVersionOf(db), 6);
  const table = new DrainPauseTable(db);
  assert.equal(table.get(), undefined);
  const first = { since: noon, person_id: 'person-1', reason: 'DPS is being moved' };
  assert.equal(table.begin(first), true);
  assert.equal(table.begin({ since: noon + 1, person_id: 'person-2', reason: 'again' }), false);
  assert.deepEqual(table.get(), first);
  assert.equal(table.end(), true);
  assert.equal(table.end(), false);
  assert.throws(() => table.begin({ ...first, person_id: 'nobody' }), /FOREIGN KEY/);
});
