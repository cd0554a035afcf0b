import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { DeviceIndex } from '../../../db/device-index.ts';
import { DeviceSearch } from '../../../db/device-search.ts';
import { migrate, schemaVersionOf } from '../../../db/migrations.ts';
import { directoryFor, noon } from '../ledger-fixture.ts';

it('step 5 indexes nothing of a ledger of before at once, and finds its devices before and after it is indexed', t => {
  const db = new Database(join(directoryFor(t), 'ledger.db'));
  t.after(() => db.close());
  migrate(db, 4);
  const insert = db.prepare(
    `INSERT INTO device (device_id, serial, product, origin, registration_id, ek_sha256, endorsement_key, ek_template,
       certificate_status, certificate_debt, harvest_id, created_at)
     VALUES (?, ?, 'p', 'harvested', ?, ?, x'01', 'L-1', 'verified', 0, 'h', ?)`,
  );
  db.pragma('foreign_keys = OFF');
  for (const n of [1, 2, 3]) insert.run(`d${n}`, `SN-old-${n}`, `r${n}`, `e${n}`, noon + n);
  migrate(db, 5);
  assert.equal(schemaVersionOf(db), 5);
  const index = new DeviceIndex(db);
  const search = new DeviceSearch(db);
  const page = { limit: 9, withinMs: 10_000 };
  const found = (question: { text: string; since?: number }) => {
    const { rows, next } = search.page(question, page);
    const rest = next ? search.page(question, { ...page, after: next }).rows : [];
    return [...rows, ...rest].map(row => row.serial);
  };
  for (const indexed of [0, 2, 3]) {
    assert.equal(index.through(), indexed);
    assert.deepEqual(found({ text: 'old' }), ['SN-old-3', 'SN-old-2', 'SN-old-1']);
    assert.deepEqual(found({ text: '', since: noon + 2 }), ['SN-old-3', 'SN-old-2']);
    index.fill(2);
  }
  assert.throws(() => db.prepare('INSERT INTO device_index VALUES (9)').run(), /one row/);
});
