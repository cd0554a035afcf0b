/** Tampering with evidence, a small part of what `npm run tamper` does, and the attacks that are no accident. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { applicationId } from '../../db/ledger-file.ts';
import { migrate, schemaVersion } from '../../db/migrations.ts';
import { Random } from '../../scripts/fuzz/random.ts';
import { runTamper } from '../../scripts/tamper/run-tamper.ts';
import { type SampleEvidence, sampleEvidence } from '../../scripts/tamper/sample-evidence.ts';
import { sealedEvidence } from '../../scripts/tamper/sealed-evidence.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { verifyLedgerFile } from '../../src/station/verify-ledger/verify-ledger-file.ts';

describe('tampered evidence', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-tamper-'));
  let evidence: SampleEvidence;
  before(async () => {
    evidence = await sampleEvidence(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('A3 is found, every change of it, and the untouched is never suspected', async () => {
    const { broken, found } = await runTamper(evidence, {
      seed: 7,
      exports: 50,
      sealed: 100,
      ledgers: 25,
      folder,
    });
    assert.deepEqual(broken, []);
    assert.ok(Object.keys(found).length > 5);
  });

  it('A2 verifies with the first key and the newest, and as witnessed', async () => {
    for (const key of evidence.keys)
      for (const file of evidence.exports)
        assert.partialDeepStrictEqual(await verifyExport(file, { key, checkpoints: [evidence.witness] }), {
          ok: true,
          level: 'witnessed',
          witnessedUpTo: evidence.witnessSize,
        });
    const verdicts = await verifyLedgerFile(evidence.ledger, {
      key: evidence.keys[0],
      checkpoints: [evidence.witness],
    });
    assert.deepEqual(
      verdicts.map(verdict => verdict.ok && verdict.level),
      ['intact', 'witnessed'],
    );
  });

  it('A3 another ledger, made whole with another key, is one by itself and none by the key or a checkpoint from outside', async () => {
    const forger = path.join(folder, 'forger');
    mkdirSync(forger);
    const forged = await sampleEvidence(forger, 3);
    for (const file of forged.exports) {
      assert.equal((await verifyExport(file)).ok, true);
      const byKey = await verifyExport(file, { key: evidence.keys[1] });
      assert.equal(!byKey.ok && byKey.problem, 'key-differs');
      const byWitness = await verifyExport(file, { checkpoints: [evidence.witness] });
      assert.equal(!byWitness.ok && byWitness.problem, 'witness-other-log');
    }
    for (const { name, look } of sealedEvidence(forged, new Random(1))) {
      assert.equal((await look({})).ok, true, name);
      const byKey = await look({ key: evidence.keys[1] });
      assert.equal(!byKey.ok && byKey.problem, 'key-differs', name);
      const byWitness = await look({ checkpoints: [evidence.witness] });
      assert.equal(!byWitness.ok && byWitness.problem, 'witness-other-log', name);
    }
    const problems = async (trust: object) =>
      (await verifyLedgerFile(forged.ledger, trust)).map(verdict => (verdict.ok ? 'ok' : verdict.problem));
    assert.deepEqual(await problems({}), ['ok', 'ok']);
    assert.deepEqual(await problems({ key: evidence.keys[0] }), ['key-differs']);
    assert.deepEqual(await problems({ checkpoints: [evidence.witness] }), ['witness-other-log']);
  });

  it('A3 a copy of a ledger is read with what is still in its WAL', async () => {
    const copy = path.join(folder, 'copy.sqlite');
    copyFileSync(evidence.ledger, copy);
    const db = new Database(copy);
    db.pragma('wal_autocheckpoint = 0');
    const { n } = db.prepare<[], { n: number }>('SELECT max(number) AS n FROM device').get()!;
    db.exec(`UPDATE device SET serial = 'X' WHERE number = ${n}`);
    const walled = path.join(folder, 'walled.sqlite');
    for (const suffix of ['', '-wal']) copyFileSync(copy + suffix, walled + suffix);
    db.close();
    const verdict = (await verifyLedgerFile(walled, {})).at(-1)!;
    assert.equal(!verdict.ok && verdict.problem, 'row-differs', JSON.stringify(verdict));
  });

  it('A3 a ledger of an earlier schema is read as a copy, and stays as it is', async () => {
    const old = path.join(folder, 'old.sqlite');
    const db = new Database(old);
    db.pragma('page_size = 16384');
    db.pragma(`application_id = ${applicationId}`);
    migrate(db, schemaVersion - 1);
    db.exec("INSERT INTO ledger VALUES ('l', 'rehearsal', 1)");
    db.close();
    const bytes = readFileSync(old);
    assert.partialDeepStrictEqual(await verifyLedgerFile(old, {}), [{ ok: false, problem: 'truncated' }]);
    assert.deepEqual(readFileSync(old), bytes);
  });
});
