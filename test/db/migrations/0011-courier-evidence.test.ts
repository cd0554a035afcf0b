import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import Database from 'better-sqlite3';
import { migrate } from '../../../db/migrations.ts';
import { insert } from './rows-of-before.ts';

it('step 11 keeps what a courier carried before, counts receipts by the log that signed them, and lets nobody change the rest', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-migration-'));
  const db = new Database(path.join(folder, 'ledger.sqlite'));
  try {
    migrate(db, 10);
    db.pragma('foreign_keys = OFF');
    const bundle = { origin: 'o', sequence: 1, sha256: 'ab', made_at: 1, entries: 1 };
    insert(db, 'courier_packed', { ...bundle, bundle_id: 'p', valid_until: 2, receipt: 2 });
    insert(db, 'courier_packed_entry', { bundle_id: 'p', entry_id: 'e' });
    insert(db, 'courier_taken', { ...bundle, bundle_id: 't', taken_at: 3, receipts: 1 });
    const listed = { bundle_id: 't', place: 0, station_id: 's', entry_id: 'e' };
    insert(db, 'courier_taken_entry', listed);
    const foreign = { station_id: 's', entry_id: 'e', harvest_id: 'h', code: 'taken', detail: '' };
    insert(db, 'courier_foreign_entry', foreign);
    migrate(db, 11);
    assert.deepEqual(db.prepare('SELECT receipt, receipt_origin FROM courier_packed').get(), {
      receipt: 2,
      receipt_origin: null,
    });
    const run = (sql: string) => db.prepare(sql).run();
    const tables = [
      ['courier_packed', 'entries = 2', `(99, 'p', 'q', 9, 'ab', 1, 1, 1, 0, 'o')`],
      ['courier_packed_entry', `entry_id = 'f'`, `('p', 'e')`],
      ['courier_taken', `sha256 = 'cd'`, `(99, 't', 'q', 9, 'ab', 1, 1, 1, 0)`],
      ['courier_taken_entry', `entry_id = 'f'`, `('t', 0, 's', 'f')`],
      ['courier_foreign_entry', `code = 'refused'`, `('s', 'e', 'h', NULL, 'refused', '')`],
    ];
    for (const [table, change, row] of tables) {
      assert.throws(() => run(`UPDATE ${table} SET ${change}`), /no change/);
      assert.throws(() => run(`DELETE FROM ${table}`), /no removal/);
      assert.throws(() => run(`INSERT OR REPLACE INTO ${table} VALUES ${row}`), /no change/);
      assert.throws(() => run(`INSERT OR IGNORE INTO ${table} VALUES ${row}`), /no change/);
    }
    // What the courier itself does.
    run(`UPDATE courier_packed SET receipt = 3, receipt_origin = 'r'`);
    run('UPDATE courier_taken SET receipts = 2');
    run(`INSERT OR IGNORE INTO courier_taken_entry VALUES ('t', 0, 's', 'e')`);
    assert.deepEqual(db.prepare('SELECT count(*) AS n FROM courier_taken_entry').get(), { n: 1 });
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
});
