import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { LogKeyTable } from '../../../db/log-key.ts';
import { LogMachineTable } from '../../../db/log-machine.ts';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { SubtreeTable } from '../../../db/subtree.ts';
import { directoryFor, logRow, noon } from '../ledger-fixture.ts';

it('step 8 stores nothing of a log of before at once, and then only adds', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 7);
  const { log_id } = logRow;
  db.prepare('INSERT INTO log VALUES (1, ?, ?, ?, ?, ?)').run(log_id, 's', 'o', 'v', noon);
  db.prepare(`INSERT INTO audit_entry VALUES (0, ?, x'7b7d', zeroblob(32))`).run(log_id);
  migrate(db, 8);
  assert.equal(schemaVersionOf(db), 8);
  const subtrees = new SubtreeTable(db);
  assert.equal(subtrees.count(log_id, 8), 0);
  const hash = (n: number) => Buffer.alloc(32, n);
  for (const number of [0, 1, 3]) subtrees.insert({ log_id, level: 8, number, hash: hash(number) });
  subtrees.insert({ log_id, level: 8, number: 1, hash: hash(9) });
  assert.deepEqual(subtrees.range(log_id, 8, 0, 9), [hash(0), hash(1)]);
  assert.throws(() => subtrees.insert({ log_id, level: 7, number: 0, hash: hash(0) }), /CHECK/);
  const machines = new LogMachineTable(db);
  assert.equal(machines.get(log_id), undefined);
  machines.insert(log_id, 'm');
  const keys = new LogKeyTable(db);
  assert.equal(keys.newest(log_id), undefined);
  const row = { log_id, idx: 0, verifier_key: 'k', note: 'n' };
  keys.insert(row);
  assert.deepEqual([keys.newest(log_id), keys.ofLog(log_id)], [row, [row]]);
  for (const sql of [
    `UPDATE subtree SET hash = zeroblob(32)`,
    `UPDATE log_key SET verifier_key = 'x'`,
    'DELETE FROM log_key',
    `REPLACE INTO log_key VALUES ('${log_id}', 0, 'x', 'x')`,
    `UPDATE log_machine SET machine = 'x'`,
    'DELETE FROM log_machine',
    `REPLACE INTO log_machine VALUES ('${log_id}', 'x')`,
  ])
    assert.throws(() => db.exec(sql), /no change|no removal/, sql);
});
