import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { createLedger } from '../../../db/ledger-file.ts';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { WorkOrderTable } from '../../../db/work-order.ts';
import { directoryFor, noon, personId, recordDevice, seed } from '../ledger-fixture.ts';

it('step 7 counts the devices of before into an order when it is opened, then those that come and go', t => {
  const path = join(directoryFor(t), 'ledger.db');
  const ledger = createLedger(path, { kind: 'rehearsal', ledgerId: 'l', now: noon });
  t.after(() => ledger.close());
  seed(ledger);
  const device = (n: number, work_order: string | null = 'W-1') =>
    recordDevice(ledger, n, { device: { work_order } }).device;
  device(1);
  device(2, 'W-2');
  device(3, null);
  const row = {
    work_order: 'W-1',
    product: 'default',
    quantity: 2,
    target_per_hour: null,
    opened_at: noon,
    opened_by: personId,
  };
  const { workOrders } = ledger;
  workOrders.open(row);
  assert.equal(workOrders.get('W-1')!.passed, 1);
  const { device_id } = device(4);
  device(5, 'W-2');
  assert.equal(workOrders.get('W-1')!.passed, 2);
  ledger.transaction(() => ledger.devices.retire(device_id, noon, 'scrap'));
  assert.equal(workOrders.get('W-1')!.passed, 1);
  assert.throws(() => workOrders.open({ ...row, quantity: null }), /UNIQUE/);
});

it('step 7 takes one current order, which is open, and lets closing end it', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 6);
  db.prepare('INSERT INTO person (person_id, account, created_at) VALUES (?, ?, ?)').run(
    personId,
    'kiosk',
    noon,
  );
  migrate(db, 7);
  assert.equal(schemaVersionOf(db), 7);
  const table = new WorkOrderTable(db);
  const order = (work_order: string) =>
    table.open({
      work_order,
      product: 'default',
      quantity: null,
      target_per_hour: 30,
      opened_at: noon,
      opened_by: personId,
    });
  assert.equal(table.current(), undefined);
  for (const id of ['W-1', 'W-2', 'W-3']) order(id);
  table.choose('W-1');
  table.choose('W-2');
  assert.equal(table.current()!.work_order, 'W-2');
  assert.equal(table.close('W-3', { at: noon, personId }), true);
  assert.equal(table.current()!.work_order, 'W-2');
  assert.equal(table.close('W-2', { at: noon, personId }), true);
  assert.equal(table.close('W-2', { at: noon, personId }), false);
  assert.equal(table.current(), undefined);
  assert.throws(() => table.choose('W-2'), /not an open order/);
  assert.throws(() => table.choose('unknown'), /not an open order/);
  assert.deepEqual(
    table.newestOpen(5).map(row => row.work_order),
    ['W-1'],
  );
  assert.equal(table.reopen('W-2'), true);
  table.choose('W-2');
  assert.equal(table.setAside(), true);
  assert.equal(table.setAside(), false);
  assert.throws(() => db.exec("UPDATE work_order SET product = 'other'"), /what it is about stays/);
  assert.throws(() => db.exec('DELETE FROM work_order'), /no removal/);
  assert.throws(() => table.setQuantity('W-1', 0), /CHECK/);
});
