import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { migrate } from '../../../db/migrations.ts';
import { directoryFor } from '../ledger-fixture.ts';
import { insert } from './rows-of-before.ts';

it('step 14 takes no run of an archive that a checkpoint covers, and no archive in the place of another', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 13);
  db.pragma('foreign_keys = OFF');
  db.pragma('recursive_triggers = OFF');
  const sha256 = 'ab'.repeat(32);
  const told = JSON.stringify({ type: 'archive', data: { workOrder: 'WO-1', sha256, entries: 2 } });
  const lot = { work_order: 'WO-1', product: 'p', passed: 2, opened_at: 1, opened_by: 'p-1' };
  insert(db, 'work_order', { ...lot, closed_at: 2, closed_by: 'p-1' });
  const log_id = 'log-1';
  for (const [idx, entry] of ['{"n":0}', '{"n":1}', '{"n":2}', told].entries())
    insert(db, 'audit_entry', { idx, log_id, entry: Buffer.from(entry), leaf_hash: Buffer.alloc(32, idx) });
  const archive = {
    log_id,
    audit_index: 3,
    work_order: 'WO-1',
    file: 'a',
    sha256,
    bytes: 1,
    size: 3,
    entries: 2,
  };
  insert(db, 'archive', { ...archive, first: 0, last: 2, outbox_through: 0, made_at: 1 });
  migrate(db, 14);

  const run = (first: number) => insert(db, 'archive_run', { log_id, first, last: first, audit_index: 3 });
  run(0);
  run(2);
  assert.throws(
    () =>
      db.exec(`REPLACE INTO archive SELECT log_id, audit_index, work_order, 'b', sha256, bytes, size, entries,
      first, last, outbox_through, made_at FROM archive`),
    /archive: no change/,
  );
  insert(db, 'checkpoint', { log_id, size: 4, note: 'n', made_at: 1 });
  assert.throws(() => run(1), /archive_run: no change/);
  assert.deepEqual(db.prepare('SELECT count(*) AS runs FROM archive_run').get(), { runs: 2 });
});
