/** Another program with the same file: which bytes may go, and that nothing else may. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import type { Ledger } from '../../../db/ledger.ts';
import type { ArchiveRow } from '../../../db/rows.ts';
import { auditRow, ledgerFor, logRow, noon, personId } from '../ledger-fixture.ts';

const order = 'WO-1';
const sha256 = 'ab'.repeat(32);
const text = (type: string, data: object) => JSON.stringify({ type, data });
const told = text('archive', { workOrder: order, sha256, entries: 2 });

/** Entries: 0 an attempt of the order, 1 one of another, 2 its enrollment, 3 its closing, 4 what tells of the archive. */
function closedLot(t: TestContext): { ledger: Ledger; row: ArchiveRow; db: Database.Database } {
  const ledger = ledgerFor(t);
  ledger.transaction(() => {
    ledger.workOrders.open({
      work_order: order,
      product: 'default',
      quantity: null,
      target_per_hour: null,
      opened_at: noon,
      opened_by: personId,
    });
    for (const entry of [
      text('harvest', { workOrder: order }),
      text('harvest', { workOrder: 'WO-2' }),
      text('enrollment', { workOrder: order }),
      text('work-order', { workOrder: order }),
    ])
      ledger.audit.append(auditRow(entry));
  });
  const row = {
    log_id: logRow.log_id,
    audit_index: 4,
    work_order: order,
    file: 'archive.jsonl',
    sha256,
    bytes: 10,
    size: 4,
    entries: 2,
    first: 0,
    last: 2,
    outbox_through: 0,
    made_at: noon,
  };
  const db = new Database(ledger.path);
  t.after(() => db.close());
  return { ledger, row, db };
}

const runs = [
  { first: 0, last: 0 },
  { first: 2, last: 2 },
];
const close = (ledger: Ledger) =>
  ledger.transaction(() => void ledger.workOrders.close(order, { at: noon, personId }));
const insert = (ledger: Ledger, row: ArchiveRow, with_: readonly { first: number; last: number }[] = runs) =>
  ledger.transaction(() => {
    ledger.audit.append(auditRow(told));
    ledger.archives.insert(row, with_);
  });
const sign = (ledger: Ledger) =>
  ledger.transaction(() =>
    ledger.checkpoints.insert({ log_id: logRow.log_id, size: 5, note: 'n', made_at: noon }),
  );

describe('step 12', () => {
  it('A1 takes an archive only of a closed order, in the transaction of the entry that tells of it', t => {
    const { ledger, row } = closedLot(t);
    assert.throws(() => insert(ledger, row), /not closed/);
    close(ledger);
    assert.throws(() => insert(ledger, { ...row, sha256: 'cd'.repeat(32) }), /does not tell of it/);
    assert.throws(() => insert(ledger, { ...row, entries: 3 }), /does not tell of it/);
    assert.throws(() => insert(ledger, row, [{ first: 0, last: 3 }]), /not of an archive/);
    assert.throws(() => insert(ledger, row, [...runs, { first: 2, last: 2 }]), /not of an archive|UNIQUE/);
    assert.equal(ledger.audit.size(), 4, 'nothing of them stays');
    ledger.transaction(() => void ledger.audit.append(auditRow(told)));
    ledger.transaction(() => void ledger.audit.append(auditRow('{"type":"later"}')));
    assert.throws(() => ledger.transaction(() => ledger.archives.insert(row, runs)), /does not tell of it/);
  });

  it('A1 lets bytes go where an archive names them and a checkpoint signs that, and nothing else', t => {
    const { ledger, row, db } = closedLot(t);
    const empty = (idx: number) => `UPDATE audit_entry SET entry = x'' WHERE idx = ${idx}`;
    close(ledger);
    assert.throws(() => db.exec(empty(0)), /no change/, 'before the archive');
    insert(ledger, row);
    assert.throws(() => db.exec(empty(0)), /no change/, 'before a checkpoint signs it');
    sign(ledger);
    const before = db.prepare('SELECT idx, entry, leaf_hash FROM audit_entry ORDER BY idx').all();
    for (const sql of [
      empty(1),
      empty(3),
      empty(4),
      `UPDATE audit_entry SET entry = x'00' WHERE idx = 0`,
      `UPDATE audit_entry SET entry = x'', leaf_hash = zeroblob(32) WHERE idx = 0`,
      `UPDATE audit_entry SET entry = x'', idx = 9 WHERE idx = 0`,
      'DELETE FROM audit_entry WHERE idx = 0',
      `REPLACE INTO audit_entry VALUES (0, '${logRow.log_id}', x'', zeroblob(32))`,
      `INSERT INTO audit_entry VALUES (5, '${logRow.log_id}', x'', zeroblob(32))`,
      `INSERT INTO archive_run VALUES ('${logRow.log_id}', 3, 3, 4)`,
      'UPDATE archive_run SET last = 3',
      'DELETE FROM archive_run',
      `UPDATE archive SET sha256 = '${'cd'.repeat(32)}'`,
      'DELETE FROM archive',
    ])
      assert.throws(
        () => db.exec(sql),
        /no change|no removal|not the next|without bytes|not of an archive|UNIQUE/,
        sql,
      );
    assert.deepEqual(db.prepare('SELECT idx, entry, leaf_hash FROM audit_entry ORDER BY idx').all(), before);
    ledger.transaction(() => void ledger.audit.append(auditRow('{"type":"later"}')));
    assert.throws(
      () => db.exec(`INSERT INTO archive_run VALUES ('${logRow.log_id}', 1, 1, 4)`),
      /no change|not of an archive/,
    );
    const letGo = (first: number, last: number) =>
      ledger.transaction(() => ledger.archives.letGo(logRow.log_id, { first, last }));
    assert.deepEqual([letGo(0, 0), letGo(2, 2), letGo(0, 0)], [1, 1, 0]);
    assert.throws(() => letGo(0, 2), /no change/);
    const after = [...ledger.audit.iterate()];
    assert.deepEqual(
      after.map(({ entry }) => entry.length === 0),
      [true, false, true, false, false, false],
    );
    assert.deepEqual(
      after.slice(0, 5).map(({ leaf_hash }) => leaf_hash),
      before.map(each => (each as { leaf_hash: Buffer }).leaf_hash),
    );
    assert.equal(ledger.archives.covering(logRow.log_id, 2)?.file, row.file);
    assert.equal(ledger.archives.covering(logRow.log_id, 1), undefined);
    assert.equal(ledger.archives.covering(logRow.log_id, 3), undefined);
  });
});
