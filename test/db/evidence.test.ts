import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { ledgerFor, logRow, noon, recordDevice } from './ledger-fixture.ts';

/** Another program with the same file: no code of ours stands between it and the rows. */
describe('A1 the schema', () => {
  it('refuses to change or remove evidence, also by REPLACE and UPSERT', t => {
    const ledger = ledgerFor(t);
    const { harvest, outbox } = recordDevice(ledger, 1);
    ledger.transaction(() => {
      ledger.checkpoints.insert({ log_id: logRow.log_id, size: 1, note: 'n', made_at: noon });
      ledger.checkpoints.insert({ log_id: logRow.log_id, size: 1, note: 'n', made_at: noon + 1 });
      assert.equal(ledger.outbox.move(outbox, 'sending', { attempts: 1, sent_at: noon }), true);
      const sending = ledger.outbox.get(outbox.entry_id)!;
      assert.equal(ledger.outbox.move(sending, 'enrolled', { settled_at: noon }), true);
    });
    const db = new Database(ledger.path);
    t.after(() => db.close());
    const snapshot = () => tables.map(table => db.prepare(`SELECT * FROM ${table}`).all());
    const tables = ['ledger', 'log', 'audit_entry', 'checkpoint', 'harvest', 'device', 'outbox', 'count'];
    const before = snapshot();
    for (const sql of [
      `UPDATE ledger SET kind = 'production'`,
      'DELETE FROM ledger',
      `INSERT INTO ledger VALUES ('other', 'production', 1)`,
      `UPDATE log SET origin = 'x'`,
      'DELETE FROM log',
      `REPLACE INTO log SELECT number, log_id, station_id, 'x', verifier_key, started_at FROM log`,
      `UPDATE audit_entry SET entry = x'00'`,
      'DELETE FROM audit_entry',
      `REPLACE INTO audit_entry SELECT idx, log_id, x'00', leaf_hash FROM audit_entry`,
      `INSERT INTO audit_entry SELECT idx + 2, log_id, entry, leaf_hash FROM audit_entry`,
      `INSERT INTO audit_entry SELECT idx + 1, log_id, entry, x'00' FROM audit_entry`,
      `UPDATE checkpoint SET note = 'x'`,
      'DELETE FROM checkpoint',
      `REPLACE INTO checkpoint VALUES ('${logRow.log_id}', 1, 'x', 1)`,
      `UPDATE harvest SET verdict = 'failed'`,
      'DELETE FROM harvest',
      `REPLACE INTO harvest SELECT * FROM harvest WHERE harvest_id = '${harvest.harvest_id}'`,
      'DELETE FROM device',
      'DELETE FROM outbox',
      `UPDATE outbox SET state = 'queued'`,
      `UPDATE outbox SET etag = 'x'`,
      `UPDATE count SET n = -1`,
    ]) {
      assert.throws(
        () => db.exec(sql),
        /no change|no removal|not the next|one identity|settled entries stay|no such transition|CHECK|FOREIGN|UNIQUE/,
        sql,
      );
    }
    assert.deepEqual(snapshot(), before);
  });

  it('O2 keeps types and states to the closed sets', t => {
    const ledger = ledgerFor(t);
    recordDevice(ledger, 1);
    const db = new Database(ledger.path);
    t.after(() => db.close());
    for (const sql of [
      `UPDATE outbox SET state = 'lost'`,
      `UPDATE outbox SET attempts = 'many'`,
      `UPDATE outbox SET attempts = -1`,
      `UPDATE device SET endorsement_key = 'text'`,
      `UPDATE device SET origin = 'found'`,
    ]) {
      assert.throws(() => db.exec(sql), /CHECK|cannot store|no such transition/, sql);
    }
  });
});
