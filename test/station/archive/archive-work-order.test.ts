/** A lot that was archived: what the file proves, what the ledger let go of, and what it still knows. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseCheckpoint } from '../../../src/audit/checkpoint.ts';
import type { Verified } from '../../../src/audit/verify/verdict.ts';
import { verifyExport } from '../../../src/audit/verify/verify-export.ts';
import { type ArchivedOrder, archiveWorkOrder } from '../../../src/station/archive/archive-work-order.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { verifyLedgerFile } from '../../../src/station/verify-ledger/verify-ledger-file.ts';
import { treeHash } from '../../audit/rfc-tree.ts';
import { readAttempt } from '../station-fixture.ts';
import { type LotStation, lot, makeLot, stationWithLot } from './lot-fixture.ts';

const devices = 300;

describe('an archived work order', () => {
  let station: LotStation;
  let archived: ArchivedOrder;
  let before_: { hashes: string; entries: ReadonlyMap<number, Buffer>; root: Buffer };
  const archive = (changes = {}) =>
    archiveWorkOrder(station, {
      workOrder: lot,
      folder: station.out,
      acceptDebt: true,
      act: { who: station.who, reason: 'shipped' },
      ...changes,
    });
  const hashesOf = (to: number) =>
    createHash('sha256')
      .update(Buffer.concat([...station.ledger.audit.leafHashes(0, to)]))
      .digest('hex');

  before(async () => {
    station = await stationWithLot(devices);
    const { audit } = station.ledger;
    const size = audit.size();
    before_ = {
      hashes: hashesOf(size),
      root: station.audit.head().rootHash,
      entries: new Map([...audit.iterate()].map(({ idx, entry }) => [idx, entry])),
    };
    archived = await archive();
  });
  after(() => {
    station[Symbol.dispose]();
    rmSync(station.folder, { recursive: true, force: true });
  });

  it('A1 lets go of the lot’s bytes, and keeps every leaf hash, so that roots stay as they were', () => {
    const { audit } = station.ledger;
    assert.equal(archived.entries, devices * 2, 'an attempt and an enrollment each');
    assert.equal(archived.letGo, archived.entries);
    assert.equal(hashesOf(archived.size), before_.hashes);
    for (const { idx, entry } of audit.iterate(0, archived.size)) {
      const { data, type } = JSON.parse(before_.entries.get(idx)!.toString());
      const rests = data.workOrder === lot && ['harvest', 'enrollment'].includes(type);
      assert.equal(entry.length === 0, rests, `entry ${idx}, ${type}`);
    }
    // Worked out from the kept hashes by the words of RFC 6962 alone.
    assert.deepEqual(treeHash([...audit.leafHashes(0, archived.size)]), before_.root);
    const own = station.ledger.checkpoints.latest(station.identity.logId)!;
    const { rootHash, size } = parseCheckpoint(own.note.slice(0, own.note.lastIndexOf('\n\n') + 1))!;
    assert.equal(size, audit.size(), 'a checkpoint covers the entry that tells of it');
    assert.deepEqual(treeHash([...audit.leafHashes(0, size)]), rootHash);
  });

  it('A3 the file verifies with the station’s key, without the station', async () => {
    const verdict = await verifyExport(archived.file, { key: station.identity.verifierKey });
    assert.ok(verdict.ok && verdict.level === 'signed');
    assert.deepEqual([verdict.size, verdict.rootHash], [archived.size, before_.root.toString('hex')]);
    assert.equal(createHash('sha256').update(readFileSync(archived.file)).digest('hex'), archived.sha256);
    assert.deepEqual(readdirSync(station.out), [path.basename(archived.file)]);
  });

  it('A3 the ledger verifies without the file, and says what rests where; with it, all is looked at', async () => {
    const copy = path.join(station.folder, 'copy.sqlite');
    station.ledger.walCheckpoint();
    copyFileSync(station.ledger.path, copy);
    const [without] = (await verifyLedgerFile(copy, { key: station.identity.verifierKey })) as [Verified];
    assert.equal(without.ok, true, JSON.stringify(without));
    assert.equal(without.withheld, archived.entries);
    assert.deepEqual(without.archives, [
      {
        workOrder: lot,
        file: path.basename(archived.file),
        sha256: archived.sha256,
        entries: archived.entries,
        resting: archived.entries,
      },
    ]);
    const [withFile] = (await verifyLedgerFile(copy, {}, [archived.file])) as [Verified];
    assert.deepEqual([withFile.ok, withFile.withheld, withFile.archives?.[0]?.resting], [true, 0, 0]);
  });

  it('H6 its serials and keys still reserve: a retest, a clone and a board swap are seen', () => {
    const codeOf = (key: number, serial: string) =>
      recordAttempt(station, readAttempt(key, serial, { workOrder: 'WO-NEXT' })).code;
    assert.equal(codeOf(1, 'SN-1'), 'retest');
    assert.equal(codeOf(1, 'SN-ELSE'), 'clone');
    assert.equal(codeOf(99_999, 'SN-2'), 'serial-has-other-key');
  });

  it('does nothing twice, and archives what came when the order was opened again', async () => {
    const again = await archive();
    assert.deepEqual([again.isNew, again.letGo, again.sha256], [false, 0, archived.sha256]);
    makeLot(station, lot, devices + 1, 3);
  });
});
