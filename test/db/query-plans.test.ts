import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { createLedger, openLedger } from '../../db/ledger-file.ts';
import { directoryFor, noon } from './ledger-fixture.ts';

/** Tables that stay small: a log for each restore, one row for each DPS and for each station that a courier serves; the indexes of a plant's people and of its open orders. */
const small =
  /^SCAN (log|ledger|dps_contact|courier_peer|person USING INDEX person_signing_in|work_order USING INDEX work_order_open)\b/;

/** Every statement that opening a ledger prepares, taken from the driver itself so that none can be forgotten. */
function statementsOf(path: string): string[] {
  const statements: string[] = [];
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    statements.push(sql);
    return prepare.call(this, sql);
  } as typeof prepare;
  try {
    openLedger(path).close();
  } finally {
    Database.prototype.prepare = prepare;
  }
  return statements;
}

describe('the statements of a ledger', () => {
  it('find their rows by an index, whatever they look for', t => {
    const path = join(directoryFor(t), 'ledger.db');
    createLedger(path, { kind: 'rehearsal', ledgerId: 'l', now: noon }).close();
    const statements = statementsOf(path);
    assert.ok(statements.length > 40, `${statements.length} statements seen`);
    const db = new Database(path);
    t.after(() => db.close());
    for (const sql of statements.filter(text => /^(SELECT|UPDATE|DELETE|INSERT)/.test(text))) {
      const unbound = sql.replaceAll(/[?@]\w*/g, '?');
      const values = new Array<null>(unbound.split('?').length - 1).fill(null);
      const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${unbound}`).all(...values);
      for (const { detail } of plan) {
        const scans = /^SCAN \w/.test(detail) && !allowedScan(detail, sql);
        assert.ok(!scans && !detail.includes('B-TREE FOR ORDER'), `${detail}\n${sql}`);
      }
    }
  });

  it('take the next of the outbox in order from its own index', t => {
    const path = join(directoryFor(t), 'ledger.db');
    createLedger(path, { kind: 'rehearsal', ledgerId: 'l', now: noon }).close();
    const due = statementsOf(path).find(sql => sql.includes('not_before <= ?'));
    assert.ok(due);
    const db = new Database(path);
    t.after(() => db.close());
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${due}`).all(0, 10);
    assert.deepEqual(
      plan.map(step => step.detail),
      ['SEARCH outbox USING INDEX outbox_due (not_before<?)'],
    );
  });
});

/** Scans that read no more than they must. */
function allowedScan(detail: string, sql: string): boolean {
  if (small.test(detail) || detail === 'SCAN CONSTANT ROW' || detail === 'SCAN device_index') return true;
  // What FTS5 calls a scan is a look-up by trigrams (M) between two row numbers (< and >).
  if (/^SCAN device_serial_part VIRTUAL TABLE INDEX \d+:[<>]*M/.test(detail)) return true;
  // An insert into a parent table looks for children only while there are violated foreign keys: here never.
  if (sql.startsWith('INSERT'))
    return /^SCAN (harvest|device|outbox|golden_check|courier_\w+|archive|archive_run)$/.test(detail);
  // The newest rows first, up to the LIMIT.
  return (
    /^SCAN (harvest|device|outbox|work_order|courier_packed|courier_taken)$/.test(detail) &&
    /ORDER BY number( DESC)? LIMIT \?$/.test(sql)
  );
}
