import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { CountTable } from '../../../db/count.ts';
import { DeviceTable } from '../../../db/device.ts';
import { migrate } from '../../../db/migrations.ts';
import { OutboxTable } from '../../../db/outbox.ts';
import {
  auditRow,
  deviceRow,
  directoryFor,
  harvestRow,
  logRow,
  noon,
  outboxRow,
  personId,
} from '../ledger-fixture.ts';
import { atStep, insert } from './rows-of-before.ts';

it('O4 step 3 keeps every device and every entry in its state and order, as creates', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  db.pragma('foreign_keys = ON');
  migrate(db, 2);
  insert(db, 'log', logRow);
  insert(db, 'person', { person_id: personId, account: 'os:test', created_at: noon });
  const states = ['queued', 'sending', 'enrolled', 'conflict', 'quarantined'] as const;
  const before = states.map((state, n) => {
    insert(db, 'audit_entry', { idx: n, log_id: logRow.log_id, ...auditRow(`{"n":${n}}`) });
    const known = { serial: `SN-${n}`, ek_sha256: `${n}`.repeat(64), registration_id: `reg-${n}` };
    const harvest = harvestRow({ ...known, audit_index: n });
    insert(db, 'harvest', harvest);
    const device = deviceRow({ ...known, harvest_id: harvest.harvest_id, certificate_debt: n === 0 ? 0 : 1 });
    insert(db, 'device', atStep(2, device));
    const { device_id, harvest_id, registration_id } = device;
    const entry = outboxRow({ device_id, harvest_id, registration_id, state, attempts: n });
    insert(db, 'outbox', atStep(2, entry));
    return { device, entry };
  });
  migrate(db);
  assert.deepEqual(
    new DeviceTable(db).oldest(10),
    before.map(({ device }) => device),
  );
  assert.deepEqual(
    new OutboxTable(db).list({ limit: 10 }),
    before.map(({ entry }) => entry),
  );
  const counts = new CountTable(db);
  assert.deepEqual(counts.outbox(), {
    queued: 1,
    sending: 1,
    enrolled: 1,
    conflict: 1,
    quarantined: 1,
    cancelled: 0,
    changed: 0,
    held: 0,
  });
  assert.deepEqual([counts.devices(), counts.retiredDevices(), counts.certificateDebt()], [5, 0, 4]);
  assert.deepEqual(db.pragma('foreign_key_check'), []);
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
  const tables = db.prepare("SELECT sql FROM sqlite_schema WHERE sql LIKE '%\\_3%' ESCAPE '\\'").all();
  assert.deepEqual(tables, [], 'nothing names the tables of the copy any more');
  assert.throws(
    () => db.exec("UPDATE outbox SET because = 'x' WHERE state = 'enrolled'"),
    /settled entries stay/,
  );
});
