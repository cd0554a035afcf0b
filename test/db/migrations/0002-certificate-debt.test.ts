import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { auditRow, deviceRow, directoryFor, harvestRow, logRow, noon, personId } from '../ledger-fixture.ts';
import { atStep, insert } from './rows-of-before.ts';

it('H8 step 2 puts the devices of before into certificate debt and counts them', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 1);
  insert(db, 'log', logRow);
  insert(db, 'person', { person_id: personId, account: 'os:test', created_at: noon });
  const before = ['1', '2', '3'].map((n, index) => {
    insert(db, 'audit_entry', { idx: index, log_id: logRow.log_id, ...auditRow(`{"n":${n}}`) });
    const known = { serial: `SN-${n}`, ek_sha256: n.repeat(64), registration_id: `reg-${n}` };
    const harvest = harvestRow({ ...known, audit_index: index });
    insert(db, 'harvest', harvest);
    const row = deviceRow({ ...known, harvest_id: harvest.harvest_id });
    insert(db, 'device', atStep(1, row));
    return atStep(2, row);
  });
  migrate(db, 2);
  assert.equal(schemaVersionOf(db), 2);
  const debts = () => db.prepare(`SELECT n FROM count WHERE name = 'certificate-debt'`).pluck().get();
  assert.equal(debts(), 3);
  const inDebt = 'SELECT * FROM device WHERE certificate_debt = 1 ORDER BY number';
  const rows = db.prepare<[], { number: number }>(inDebt).all();
  assert.deepEqual(
    rows.map(({ number: _, ...row }) => row),
    before,
  );
  assert.deepEqual(db.pragma('integrity_check', { simple: true }), 'ok');
  db.prepare('UPDATE device SET certificate_debt = 0 WHERE device_id = ?').run(before[1]!.device_id);
  assert.equal(debts(), 2);
});
