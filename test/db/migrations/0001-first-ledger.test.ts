import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { directoryFor } from '../ledger-fixture.ts';

it('step 1 makes the first ledger out of an empty file, whole or not at all', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  assert.equal(schemaVersionOf(db), 0);
  db.exec('CREATE TABLE outbox (in_the_way TEXT)');
  assert.throws(() => migrate(db, 1));
  assert.equal(schemaVersionOf(db), 0);
  assert.deepEqual(db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all(), [
    'outbox',
  ]);
  db.exec('DROP TABLE outbox');
  migrate(db, 1);
  assert.equal(schemaVersionOf(db), 1);
  const tables = db
    .prepare(`SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'`)
    .all();
  assert.deepEqual(
    (tables as { name: string; strict: number }[]).filter(table => table.strict !== 1),
    [],
    'every table is STRICT',
  );
  const known = [
    'audit_entry',
    'checkpoint',
    'count',
    'device',
    'harvest',
    'ledger',
    'log',
    'outbox',
    'person',
    'run_note',
  ];
  const names = (tables as { name: string }[]).map(table => table.name);
  for (const name of known) assert.ok(names.includes(name), name);
  assert.deepEqual(db.pragma('foreign_key_check'), []);
  migrate(db, 1);
  assert.equal(schemaVersionOf(db), 1);
});
