import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { DeviceTable } from '../../../db/device.ts';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { directoryFor } from '../ledger-fixture.ts';

it('step 13 leaves the devices of before without a detail, and a revocation is told with its own', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 12);
  db.pragma('foreign_keys = OFF');
  db.exec(
    `INSERT INTO device (device_id, serial, product, origin, registration_id, ek_sha256, endorsement_key, ek_template,
       certificate_status, certificate_debt, harvest_id, created_at)
     VALUES ('d-1', 'SN-1', 'p', 'harvested', 'r-1', 'e-1', x'01', 'L-1', 'verified', 0, 'h', 1)`,
  );
  migrate(db, 13);
  assert.equal(schemaVersionOf(db), 13);
  const devices = new DeviceTable(db);
  assert.equal(devices.get('d-1')?.certificate_detail, null);
  assert.equal(devices.revokeCertificate('d-1', 'revoked on 2030-06-01'), true);
  const { certificate_status, certificate_debt, certificate_detail } = devices.get('d-1')!;
  assert.deepEqual(
    [certificate_status, certificate_debt, certificate_detail],
    ['revoked', 1, 'revoked on 2030-06-01'],
  );
});
