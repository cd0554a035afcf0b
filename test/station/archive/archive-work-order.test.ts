/** A lot that was archived: what the file proves, what the ledger let go of, and what it still knows. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseCheckpoint } from '../../../src/audit/checkpoint.ts';
import type { Verified } from '../../../src/audit/verify/verdict.ts';
import { verifyExport } from '../../../src/audit/verify/verify-export.ts';
import { verifyPassport } from '../../../src/audit/verify/verify-passport.ts';
import { type ArchivedOrder, archiveWorkOrder } from '../../../src/station/archive/archive-work-order.ts';
import { compactLedger } from '../../../src/station/archive/compact-ledger.ts';
import { entriesForExport } from '../../../src/station/archive/entries-for-export.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { makeBackup } from '../../../src/station/backup/make-backup.ts';
import { restoreStation } from '../../../src/station/backup/restore-station.ts';
import { deviceHistories } from '../../../src/station/devices/device-history.ts';
import { findDevices } from '../../../src/station/devices/find-devices.ts';
import { writePassport } from '../../../src/station/export/device-passport.ts';
import { exportAudit } from '../../../src/station/export/export-audit.ts';
import { writeLotCertificate } from '../../../src/station/lot-certificate/write-lot-certificate.ts';
import { verifyLedgerFile } from '../../../src/station/verify-ledger/verify-ledger-file.ts';
import {
  chooseWorkOrder,
  closeWorkOrder,
  findWorkOrder,
  openWorkOrder,
} from '../../../src/station/work-orders.ts';
import { treeHash } from '../../audit/rfc-tree.ts';
import { coreForTest, entriesOf, readAttempt } from '../station-fixture.ts';
import { type LotStation, lot, makeLot, settle, stationWithLot } from './lot-fixture.ts';

const devices = 130;
const env = { KEYLINE_REHEARSAL: '1' };
/** Closed at the end of the block; its folder goes with that of the station. */
const openedAgain = (folder: string) => coreForTest({ folder });

describe('an archived work order', () => {
  let station: LotStation;
  let archived: ArchivedOrder;
  let was: { hashes: string; entries: ReadonlyMap<number, Buffer>; root: Buffer };
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
    was = {
      hashes: hashesOf(size),
      root: station.audit.head().rootHash,
      entries: new Map([...audit.iterate()].map(({ idx, entry }) => [idx, entry])),
    };
    archived = await archive();
  });
  after(() => {
    station.close();
    rmSync(station.folder, { recursive: true, force: true });
  });

  it('A1 lets go of the lot’s bytes, and keeps every leaf hash, so that roots stay as they were', () => {
    const { audit } = station.ledger;
    assert.equal(archived.entries, devices * 2, 'an attempt and an enrollment each');
    assert.equal(archived.letGo, archived.entries);
    assert.equal(hashesOf(archived.size), was.hashes);
    for (const { idx, entry } of audit.iterate(0, archived.size)) {
      const { data, type } = JSON.parse(was.entries.get(idx)!.toString());
      const rests = data.workOrder === lot && ['harvest', 'enrollment'].includes(type);
      assert.equal(entry.length === 0, rests, `entry ${idx}, ${type}`);
    }
    // Worked out from the kept hashes by the words of RFC 6962 alone.
    assert.deepEqual(treeHash([...audit.leafHashes(0, archived.size)]), was.root);
    const own = station.ledger.checkpoints.latest(station.identity.logId)!;
    const { rootHash, size } = parseCheckpoint(own.note.slice(0, own.note.lastIndexOf('\n\n') + 1))!;
    assert.equal(size, audit.size(), 'a checkpoint covers the entry that tells of it');
    assert.deepEqual(treeHash([...audit.leafHashes(0, size)]), rootHash);
  });

  it('A3 the file verifies with the station’s key, without the station', async () => {
    const verdict = await verifyExport(archived.file, { key: station.identity.verifierKey });
    assert.ok(verdict.ok && verdict.level === 'signed');
    assert.deepEqual([verdict.size, verdict.rootHash], [archived.size, was.root.toString('hex')]);
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

  it('A4 an export of all needs the archive, says so, and shows every entry where it is given', async () => {
    const out = path.join(station.folder, 'whole.jsonl');
    const order = { format: 'jsonl', out, account: 'os:test' } as const;
    await assert.rejects(exportAudit(station, order), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'entries-archived');
      assert.ok(
        error.message.includes(path.basename(archived.file)) && error.message.includes(archived.sha256),
      );
      return true;
    });
    assert.equal(existsSync(out), false);
    const whole = await exportAudit(station, { ...order, archives: [archived.file] });
    assert.equal(whole.withheld, 0);
    const verdict = await verifyExport(out, { key: station.identity.verifierKey });
    assert.ok(verdict.ok && verdict.entries === whole.size);
    const shown = readFileSync(out, 'utf8');
    for (const entry of was.entries.values()) assert.ok(shown.includes(entry.toString()));
    const other = await exportAudit(station, { ...order, workOrder: 'WO-OTHER' });
    assert.ok((await verifyExport(out)).ok && other.withheld > archived.entries);
    await assert.rejects(exportAudit(station, { ...order, archives: [out] }), { code: 'archive-file' });
  });

  it('A4 a passport of an archived device needs the archive, and proves with it what it did before', async () => {
    const out = path.join(station.folder, 'passport.json');
    const order = { name: 'SN-7', out, account: 'os:test' };
    await assert.rejects(writePassport(station, order), { code: 'entries-archived' });
    const { entries, unproved } = await writePassport(station, { ...order, archives: [archived.file] });
    assert.deepEqual([entries, unproved], [2, 0]);
    const verdict = await verifyPassport(out, { key: station.identity.verifierKey });
    assert.ok(verdict.ok);
    assert.deepEqual(verdict.passport?.claims.map(({ what }) => what).sort(), [
      'enrolled',
      'key-read',
      'possession',
    ]);
    assert.equal((await writePassport(station, { ...order, name: 'OTHER-2' })).entries, 1);
  });

  it('A3 what is archived while an export or a passport is made is asked for, and never called damaged or left out', async t => {
    const { ledger } = station;
    const log = { log_id: station.identity.logId };
    const size = ledger.audit.size();
    const { archives, auditMentions } = ledger;
    const ofLog = archives.ofLog.bind(archives);
    const runs = archives.runs.bind(archives);
    let isOnRecord = false;
    t.mock.method(archives, 'ofLog', (logId: string) => (isOnRecord ? ofLog(logId) : []));
    t.mock.method(archives, 'runs', (logId: string) => (isOnRecord ? runs(logId) : [].values()));
    for (const workOrder of [undefined, 'WO-OTHER']) {
      isOnRecord = false;
      const entries = entriesForExport(ledger, log, { size, workOrder, given: new Map() });
      entries.next();
      isOnRecord = true;
      if (workOrder === undefined) assert.throws(() => [...entries], { code: 'entries-archived' });
      else assert.equal([...entries].length, size - 1);
    }
    isOnRecord = false;
    const slices = auditMentions.slices.bind(auditMentions);
    t.mock.method(auditMentions, 'slices', (...args: Parameters<typeof slices>) => {
      isOnRecord = true;
      return slices(...args);
    });
    const out = path.join(station.folder, 'meanwhile.json');
    await assert.rejects(writePassport(station, { name: 'SN-1', out, account: 'os:test' }), {
      code: 'entries-archived',
    });
    assert.equal(existsSync(out), false);
  });

  it('H6 finds its devices, says where their history rests, and certifies the lot as before', async () => {
    assert.equal(findDevices(station, { text: 'SN-7' }, 5)[0]?.serial, 'SN-7');
    const [history] = deviceHistories(station, 'SN-7');
    assert.deepEqual(
      history?.archives.map(({ file, sha256 }) => [file, sha256]),
      [[path.basename(archived.file), archived.sha256]],
    );
    const out = path.join(station.folder, 'lot.html');
    const { harvested, enrolled } = await writeLotCertificate(station, {
      workOrder: lot,
      out,
      account: 'os:test',
    });
    assert.deepEqual([harvested, enrolled], [devices, devices]);
  });

  it('does nothing twice, and archives what came when the order was opened again', async () => {
    const again = await archive();
    assert.deepEqual([again.isNew, again.letGo, again.sha256], [false, 0, archived.sha256]);
    chooseWorkOrder(station, lot, station.who);
    makeLot(station, lot, devices + 1, 3);
    const more = await archive();
    assert.deepEqual([more.isNew, more.entries, more.letGo], [true, 6, 6]);
    assert.deepEqual(
      findWorkOrder(station, lot)?.archives?.map(({ entries }) => entries),
      [devices * 2, 6],
    );
    const [verdict] = (await verifyLedgerFile(station.ledger.path, {}, [archived.file, more.file])) as [
      Verified,
    ];
    assert.deepEqual([verdict.ok, verdict.withheld], [true, 0]);
    const all = { format: 'jsonl', out: path.join(station.folder, 'all.jsonl'), account: 'os:test' } as const;
    await assert.rejects(exportAudit(station, { ...all, archives: [more.file] }), {
      code: 'entries-archived',
    });
    assert.equal((await exportAudit(station, { ...all, archives: [more.file, archived.file] })).withheld, 0);
  });

  it('keeps nothing of one that stopped before its record, and ends one that stopped behind it', async () => {
    makeLot(station, 'WO-STOPPED', 10_000, 2);
    const stopAt = (step: string) =>
      archive({
        workOrder: 'WO-STOPPED',
        onProgress: (at: string) => {
          if (at === step) throw new Error('stopped here');
        },
      });
    const files = readdirSync(station.out);
    const size = station.ledger.audit.size();
    for (const step of ['write', 'verify']) {
      await assert.rejects(stopAt(step), /stopped here/);
      assert.deepEqual([readdirSync(station.out), station.ledger.audit.size()], [files, size]);
    }
    await assert.rejects(stopAt('let-go'), /stopped here/);
    assert.equal(station.ledger.audit.size(), size + 1);
    const [file] = station.ledger.archives
      .ofWorkOrder('WO-STOPPED')
      .map(row => path.join(station.out, row.file));
    const bytes = readFileSync(file!);
    writeFileSync(file!, 'another file\n');
    await assert.rejects(archive({ workOrder: 'WO-STOPPED' }), { code: 'archive-file' });
    writeFileSync(file!, bytes);
    const { isNew, letGo, isWhole } = await archive({ workOrder: 'WO-STOPPED' });
    assert.deepEqual([isNew, letGo, isWhole], [false, 4, true]);
  });

  it('S1 refuses what is open, unsettled, in debt, unknown or not a supervisor’s', async () => {
    const refuses = (code: string, changes: object) => assert.rejects(archive(changes), { code }, code);
    const nobody = { who: { proof: 'account', account: 'os:test' }, reason: 'x' };
    await refuses('sign-in-needed', { act: nobody });
    await refuses('work-order-unknown', { workOrder: 'WO-NONE' });
    await refuses('archive-folder', { folder: path.join(station.out, 'not there') });
    await refuses('archive-folder', { folder: station.directory.path });
    openWorkOrder(station, { id: 'WO-LATE' }, nobody.who as never);
    await refuses('work-order-open', { workOrder: 'WO-LATE' });
    recordAttempt(station, readAttempt(20_001, 'SN-20001', { workOrder: 'WO-LATE' }));
    closeWorkOrder(station, 'WO-LATE', nobody.who as never);
    const [row] = station.ledger.outbox.due(1, Number.MAX_SAFE_INTEGER).toReversed();
    assert.ok(row);
    await refuses('work-order-unsettled', { workOrder: 'WO-LATE' });
    settle(station, 'WO-LATE');
    await refuses('work-order-in-debt', { workOrder: 'WO-LATE', acceptDebt: false });
    const { data } = entriesOf(station).findLast(({ type }) => type === 'archive')!;
    assert.equal(data.certificateDebt, 2);
    openWorkOrder(station, { id: 'WO-EMPTY' }, nobody.who as never);
    closeWorkOrder(station, 'WO-EMPTY', nobody.who as never);
    const files = readdirSync(station.out);
    await refuses('archive-empty', { workOrder: 'WO-EMPTY' });
    assert.deepEqual(readdirSync(station.out), files);
  });

  it('S4 goes through backup and restore: what rests stays resting, and is asked for in the new log too', async () => {
    const folder = path.join(station.folder, 'backups');
    const data = path.join(station.folder, 'restored');
    mkdirSync(folder);
    const backup = await makeBackup(station, { folder });
    assert.equal(backup.manifest.size, backup.entries);
    const { origin } = await restoreStation({ dataDirectory: data, backup: backup.folder, env });
    using restored = openedAgain(data);
    assert.equal(restored.identity.origin, origin);
    assert.equal(recordAttempt(restored, readAttempt(3, 'SN-ELSE', { workOrder: 'WO-NEXT' })).code, 'clone');
    const verdicts = await verifyLedgerFile(restored.ledger.path, {});
    assert.ok(verdicts.every(({ ok }) => ok) && verdicts.length === 2, JSON.stringify(verdicts));
    const order = { name: 'SN-7', out: path.join(station.folder, 'later.json'), account: 'os:test' };
    await assert.rejects(writePassport(restored, order), { code: 'entries-archived' });
    const files = restored.ledger.archives.ofWorkOrder(lot).map(({ file }) => path.join(station.out, file));
    const { entries } = await writePassport(restored, { ...order, archives: files });
    assert.equal(entries, 3, 'two of the archive, and the beginning of the new log');
    assert.ok((await verifyPassport(order.out)).ok);
    const out = path.join(station.folder, 'new-log.jsonl');
    assert.equal((await exportAudit(restored, { format: 'jsonl', out, account: 'os:test' })).withheld, 0);
  });

  it('gives its room back to the disk where nobody else has the ledger open, and is as intact after it', async () => {
    const place = path.join(station.folder, 'compacted');
    mkdirSync(place);
    station.ledger.walCheckpoint();
    copyFileSync(station.ledger.path, path.join(place, 'ledger.sqlite'));
    assert.throws(() => compactLedger(station.directory.path), { code: 'station-in-use' });
    const { bytesBefore, bytesAfter } = compactLedger(place);
    assert.ok(bytesAfter < bytesBefore, `${bytesAfter} of ${bytesBefore} bytes`);
    const verdicts = await verifyLedgerFile(path.join(place, 'ledger.sqlite'), {
      key: station.identity.verifierKey,
    });
    assert.ok(verdicts.every(({ ok }) => ok));
  });
});
