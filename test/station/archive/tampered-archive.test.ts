/** A ledger whose lot is archived, changed by somebody who knows SQLite: found without the archive's file, at the first place. */
import assert from 'node:assert/strict';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { makeEntry } from '../../../src/audit/entry.ts';
import type { ProblemCode } from '../../../src/audit/verify/verdict.ts';
import {
  attemptLine,
  enrollmentLine,
  LinesDigest,
  runLine,
} from '../../../src/station/archive/archive-digests.ts';
import { type ArchivedOrder, archiveWorkOrder } from '../../../src/station/archive/archive-work-order.ts';
import { verifyLedgerFile } from '../../../src/station/verify-ledger/verify-ledger-file.ts';
import { entriesOf } from '../station-fixture.ts';
import { type LotStation, lot, stationWithLot } from './lot-fixture.ts';

describe('A3 a tampered ledger with an archived lot', () => {
  let station: LotStation;
  let archived: ArchivedOrder;
  let copy: string;
  /** Index of an entry of another order between those of the lot, and of the entry that tells of the archive. */
  let other: number;
  let told: number;
  before(async () => {
    station = await stationWithLot(20);
    const entries = entriesOf(station);
    other = entries.find(({ type, data }) => type === 'harvest' && data.workOrder === 'WO-OTHER')!.index;
    const act = { who: station.who, reason: 'shipped' };
    archived = await archiveWorkOrder(station, {
      workOrder: lot,
      folder: station.out,
      acceptDebt: true,
      act,
    });
    told = entriesOf(station).find(({ type }) => type === 'archive')!.index;
    copy = path.join(station.folder, 'copy.sqlite');
    station.ledger.walCheckpoint();
  });
  after(() => {
    station.close();
    rmSync(station.folder, { recursive: true, force: true });
  });

  const tampered = async (change: (db: Database.Database) => void) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
    copyFileSync(station.ledger.path, copy);
    const db = new Database(copy);
    db.pragma('foreign_keys = OFF');
    const triggers = db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all() as {
      name: string;
      sql: string;
    }[];
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    change(db);
    for (const { sql } of triggers) db.exec(sql);
    db.close();
    const verdict = (await verifyLedgerFile(copy, {})).at(-1)!;
    return verdict.ok ? 'none' : { problem: verdict.problem, index: verdict.index };
  };
  const empty = (index: number) => `UPDATE audit_entry SET entry = x'' WHERE idx = ${index};`;
  const ways: Readonly<Record<string, readonly [sql: () => string, ProblemCode, index?: () => number]>> = {
    'the bytes of an entry that no archive names': [() => empty(other), 'entry-emptied', () => other],
    'a kept leaf hash': [
      () => `UPDATE audit_entry SET leaf_hash = zeroblob(32) WHERE idx = ${archived.first}`,
      'root-differs',
    ],
    'other bytes for an entry that rests': [
      () => `UPDATE audit_entry SET entry = x'7b7d' WHERE idx = ${archived.first}`,
      'entry-changed',
      () => archived.first,
    ],
    'the archive left out': [() => 'DELETE FROM archive', 'archive-differs', () => archived.first],
    'the archive and its runs left out': [
      () => 'DELETE FROM archive; DELETE FROM archive_run',
      'entry-emptied',
      () => archived.first,
    ],
    'another file': [() => `UPDATE archive SET sha256 = '${'0'.repeat(64)}'`, 'archive-differs', () => told],
    'a run that takes an entry more': [
      () => `UPDATE archive_run SET last = ${other} WHERE last = ${other - 1}; ${empty(other)}`,
      'archive-differs',
      () => told,
    ],
    'an archive that no entry tells of': [
      () =>
        `INSERT INTO archive SELECT log_id, ${told - 1}, 'WO-OTHER', 'x', sha256, 1, ${other + 1}, 1, ${other}, ${other}, 0, 0 FROM archive;
         INSERT INTO archive_run SELECT log_id, ${other}, ${other}, ${told - 1} FROM archive LIMIT 1; ${empty(other)}`,
      'archive-differs',
      () => other,
    ],
    'the checkpoint that signs it': [
      () => `DELETE FROM checkpoint WHERE size > ${told}`,
      'archive-differs',
      () => told,
    ],
    'the serial of an attempt that rests': [
      () => `UPDATE harvest SET serial = 'SN-X' WHERE audit_index = ${archived.first}`,
      'row-differs',
      () => told,
    ],
    'an attempt that rests left out': [
      () => `DELETE FROM harvest WHERE audit_index = ${archived.first}`,
      'row-differs',
      () => told,
    ],
    'the end of an enrollment that rests': [
      () =>
        `UPDATE outbox SET state = 'cancelled' WHERE harvest_id = (SELECT harvest_id FROM harvest WHERE audit_index = ${archived.first})`,
      'row-differs',
      () => told,
    ],
  };
  for (const [what, [sql, problem, index]] of Object.entries(ways))
    it(`is found to be: ${what}`, async () => {
      const found = await tampered(db => db.exec(sql()));
      assert.ok(found !== 'none');
      assert.equal(found.problem, problem);
      if (index) assert.equal(found.index, index());
    });

  it('is found to be: bytes gone by an archive that fits in every way, but that the station’s key did not sign', async () => {
    const found = await tampered(db => {
      const { ledger, identity } = station;
      const size = ledger.audit.size();
      const run = { first: other, last: other };
      const digestOf = (lines: readonly (readonly (string | number | null)[])[]) => {
        const digest = new LinesDigest();
        for (const line of lines) digest.add(line);
        return digest.end();
      };
      const harvest = JSON.parse(ledger.audit.get(other)!.entry.toString()).data.harvestId;
      const row = { file: 'x', bytes: 1, sha256: '0'.repeat(64), size, entries: 1, ...run };
      const entry = makeEntry({
        origin: identity.origin,
        index: size,
        personId: 'p',
        rehearsal: true,
        at: 1,
        bootId: 'b',
        monotonicMs: 1,
        clock: 'synced',
        type: 'archive',
        data: {
          workOrder: 'WO-OTHER',
          ...row,
          indexes: digestOf([runLine(run)]),
          attempts: digestOf([attemptLine(ledger.archivedRows.attempt(harvest)!)]),
          enrollments: digestOf([...ledger.archivedRows.entries('WO-OTHER', 0)].map(enrollmentLine)),
          because: 'x',
        },
      });
      db.prepare('INSERT INTO audit_entry VALUES (?, ?, ?, ?)').run(
        size,
        identity.logId,
        entry.bytes,
        entry.leafHash,
      );
      db.prepare('INSERT INTO archive VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
        identity.logId,
        size,
        'WO-OTHER',
        row.file,
        row.sha256,
        1,
        size,
        1,
        other,
        other,
        0,
        1,
      );
      db.prepare('INSERT INTO archive_run VALUES (?, ?, ?, ?)').run(identity.logId, other, other, size);
      db.exec(empty(other));
    });
    assert.deepEqual(found, { problem: 'archive-differs', index: station.ledger.audit.size() });
  });

  it('takes no other file for the archive, nor a changed one', async () => {
    const file = path.join(station.folder, 'changed.jsonl');
    copyFileSync(archived.file, file);
    writeFileSync(file, ' ', { flag: 'a' });
    await assert.rejects(verifyLedgerFile(station.ledger.path, {}, [file]), { code: 'archive-file' });
    await assert.rejects(verifyLedgerFile(station.ledger.path, {}, [copy]), { code: 'archive-file' });
  });
});
