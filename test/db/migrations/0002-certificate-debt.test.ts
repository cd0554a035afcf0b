import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { DeviceTable } from '../../../db/device.ts';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { auditRow, deviceRow, directoryFor, harvestRow, logRow, noon, personId } from '../ledger-fixture.ts';

function insert(db: Database.Database, table: string, row: object): void {
  const columns = Object.keys(row);
  db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(name => `@${name}`)})`).run(row);
}

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
    const { certificate_debt: _later, ...atStep1 } = row;
    insert(db, 'device', atStep1);
    return row;
  });
  migrate(db, 2);
  assert.equal(schemaVersionOf(db), 2);
  const debts = () => db.prepare(`SELECT n FROM count WHERE name = 'certificate-debt'`).pluck().get();
  assert.equal(debts(), 3);
  const devices = new DeviceTable(db);
  assert.deepEqual(devices.inCertificateDebt(10), before);
  assert.deepEqual(db.pragma('integrity_check', { simple: true }), 'ok');
  const verified = { certificate_status: 'verified', certificate: null, certificate_debt: 0 } as const;
  assert.ok(devices.judgeCertificate(before[1]!.device_id, verified));
  assert.equal(debts(), 2);
  assert.deepEqual(devices.get(before[1]!.device_id), {
    ...before[1]!,
    ...verified,
    certificate: before[1]!.certificate,
  });
});
