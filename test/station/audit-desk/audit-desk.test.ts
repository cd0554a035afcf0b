/** The Audit screen's desk on a real ledger: exports into configured folders, read again and verified, all by a thread. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { StationAudit } from '../../../src/station/audit-desk/audit-desk.ts';
import type {
  AuditAnswer,
  AuditDesk,
  AuditFinding,
  AuditOrder,
  AuditView,
  AuditWork,
  WrittenFile,
} from '../../../src/station/audit-desk/audit-view.ts';
import { writeConsistencyProof } from '../../../src/station/export/consistency-proof.ts';
import { checkpointFilesOf } from '../../../src/station/log/checkpoint-files.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

describe('StationAudit', () => {
  const stick = temporaryFolder();
  let core: TestCore;
  let audit: StationAudit;
  let desk: AuditDesk;
  let actor: Actor = { proof: 'account', account: 'kiosk' };
  let device: string;
  before(() => {
    core = coreForTest({
      configuration: {
        audit: {
          exportFolders: [
            { name: 'Stick', path: stick },
            { name: 'Gone', path: path.join(stick, 'gone') },
            { name: 'Station', path: 'secrets' },
          ],
        },
      },
    });
    for (let n = 0; n < 40; n += 1) recordAttempt(core, readAttempt(n, `SN-${n}`, { workOrder: 'WO-7' }));
    device = core.ledger.devices.bySerial('SN-3', 'default')!.device_id;
    audit = new StationAudit(core);
    desk = audit.desk({ account: () => 'kiosk', actor: async () => actor });
  });
  after(async () => {
    await audit.close();
    core[Symbol.dispose]();
    rmSync(stick, { recursive: true, force: true });
  });

  const seen = (answer: AuditAnswer): AuditView => {
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.audit;
  };
  async function end(): Promise<AuditWork> {
    for (;;) {
      const { work } = seen(await desk.read());
      if (work?.state !== 'running') return work!;
      await turn();
    }
  }
  async function done(order: AuditOrder): Promise<AuditWork> {
    seen(await desk.run(order));
    return end();
  }
  async function written(order: AuditOrder): Promise<WrittenFile> {
    const { result, failure } = await done(order);
    assert.ok(result?.kind === 'file', JSON.stringify(failure));
    return result;
  }
  async function finding(file: string): Promise<AuditFinding> {
    const { result, failure } = await done({ kind: 'verify-file', folder: 'Stick', file });
    assert.ok(result?.kind === 'findings', JSON.stringify(failure));
    return result.findings[0]!;
  }

  it('A2 says what the log is, makes a checkpoint now, and where it is kept outside', async () => {
    const { origin, size, checkpoint, folders } = seen(await desk.read());
    assert.deepEqual(
      [origin, size, checkpoint, folders],
      [core.identity.origin, 41, undefined, ['Stick', 'Gone', 'Station']],
    );
    const { result } = await done({ kind: 'checkpoint' });
    assert.ok(result?.kind === 'checkpoint' && result.files.length === 1);
    let view = seen(await desk.read());
    while (view.outside?.size !== 41) {
      await turn();
      view = seen(await desk.read());
    }
    assert.deepEqual(
      [view.checkpoint?.size, view.checkpoint?.rootHash, view.outside.folder],
      [41, core.audit.head().rootHash.toString('hex'), core.directory.checkpointsDirectory],
    );
  });

  it('A3 A4 exports to a folder by its name, tells what it wrote, and verifies it there', async () => {
    const order = { kind: 'export', format: 'csv', folder: 'Stick', workOrder: 'WO-7' } as const;
    const file = await written(order);
    assert.match(file.file, /^log-[\dTZ-]+-Station-01\.csv$/);
    assert.deepEqual(
      [file.entries, file.withheld, file.bytes],
      [40, 1, readFileSync(path.join(stick, file.file)).length],
    );
    assert.equal(entriesOf(core).at(-1)!.type, 'export');
    // Each checkpoint is kept outside until a larger one of the day takes its place.
    const levels: unknown[] = [];
    const level = async (name: string) => {
      const found = await finding(name);
      levels.push(found.ok && found.own && found.level);
    };
    await level(file.file);
    const list = await written({ kind: 'export', format: 'limpet-csv', folder: 'Stick' });
    assert.deepEqual([list.devices, list.manifest], [40, `${list.file}.manifest.json`]);
    await level(list.manifest!);
    const passport = await written({ kind: 'passport', device, folder: 'Stick' });
    await level(passport.file);
    await level(file.file);
    assert.match(passport.file, /^passport-.*-SN-3\.json$/);
    const paper = await written({
      kind: 'certificate',
      workOrder: 'WO-7',
      folder: 'Stick',
      language: 'ko',
    });
    assert.equal(paper.complete, false);
    assert.match(readFileSync(path.join(stick, paper.file), 'utf8'), /lang="ko"/);

    const answer = await desk.files({ folder: 'Stick' });
    assert.ok(answer.ok);
    const expected = [file.file, list.file, list.manifest!, passport.file].sort();
    assert.deepEqual(answer.files.map(({ name }) => name).sort(), expected);
    assert.deepEqual(levels, ['witnessed', 'signed', 'witnessed', 'signed']);

    const spoilt = readFileSync(path.join(stick, file.file), 'utf8').replace('"SN-5"', '"SN-6"');
    writeFileSync(path.join(stick, 'spoilt.csv'), spoilt.replace(/SN-5(?=\D)/, 'SN-6'));
    const fault = await finding('spoilt.csv');
    assert.ok(!fault.ok && fault.index === 6, JSON.stringify(fault));
    const ledger = await done({ kind: 'verify-ledger' });
    assert.ok(ledger.result?.kind === 'findings');
    const [whole] = ledger.result.findings;
    assert.ok(whole?.ok && whole.level === 'witnessed', JSON.stringify(whole));
  });

  it('A3 says of a file of another station only that it is intact', async () => {
    using other = coreForTest({
      configuration: { audit: { exportFolders: [{ name: 'Stick', path: stick }] } },
    });
    const elsewhere = new StationAudit(other);
    const there = elsewhere.desk({ account: () => 'kiosk', actor: async () => actor });
    seen(await there.run({ kind: 'export', format: 'jsonl', folder: 'Stick' }));
    let work = seen(await there.read()).work!;
    while (work.state === 'running') {
      await turn();
      work = seen(await there.read()).work!;
    }
    await elsewhere.close();
    assert.ok(work.result?.kind === 'file');
    const found = await finding(work.result.file);
    assert.ok(found.ok);
    assert.deepEqual([found.own, found.level, found.origin], [false, 'intact', other.identity.origin]);
  });

  it('S1 takes no path, no link and no folder that is not configured, and writes nothing over the station', async () => {
    mkdirSync(path.join(stick, 'below'), { recursive: true });
    writeFileSync(path.join(stick, 'below/x.csv'), 'x');
    symlinkSync(core.directory.configurationFile, path.join(stick, 'link.json'));
    for (const file of [
      'below/x.csv',
      '../x.csv',
      'link.json',
      '.hidden.csv',
      'below',
      '..',
      'below\\x.csv',
      'x.csv\0',
    ]) {
      const { state, failure } = await done({ kind: 'verify-file', folder: 'Stick', file });
      assert.deepEqual([state, failure?.code], ['failed', 'export-unreadable'], file);
    }
    for (const folder of [stick, '../../', 'stick', ''])
      assert.deepEqual(await desk.run({ kind: 'export', format: 'csv', folder }), {
        ok: false,
        code: 'export-folder-unknown',
      });
    assert.deepEqual(await desk.files({ folder: 'Gone' }), { ok: false, code: 'export-folder-unreadable' });
    const gone = await done({ kind: 'export', format: 'csv', folder: 'Gone' });
    assert.equal(gone.failure?.code, 'export-unwritable');
    const over = await done({ kind: 'export', format: 'csv', folder: 'Station' });
    assert.equal(over.failure?.code, 'export-over-station');
    const nobody = await done({ kind: 'passport', device: 'no-such-device', folder: 'Stick' });
    assert.equal(nobody.failure?.code, 'device-unknown');
  });

  it('does one thing at a time, stops where it is told to and leaves nothing half', async () => {
    const before = readdirSync(stick).sort();
    const size = core.ledger.audit.size();
    // A thread that has yet to begin: it hears of the end with the order, however quick it is.
    await audit.close();
    audit = new StationAudit(core);
    desk = audit.desk({ account: () => 'kiosk', actor: async () => actor });
    seen(await desk.run({ kind: 'export', format: 'json', folder: 'Stick' }));
    const stopping = desk.stop();
    assert.deepEqual(await desk.run({ kind: 'checkpoint' }), { ok: false, code: 'audit-busy' });
    seen(await stopping);
    assert.equal((await end()).state, 'stopped');
    assert.deepEqual(readdirSync(stick).sort(), before);
    assert.equal(core.ledger.audit.size(), size);
    seen(await desk.run({ kind: 'verify-ledger' }));
    assert.equal(seen(await desk.stop()).work?.state, 'stopped');
    const again = await done({ kind: 'verify-ledger' });
    assert.ok(again.result?.kind === 'findings' && again.result.findings[0]?.ok);
  });

  it('S1 is for auditors, supervisors and engineers who signed in by PIN', async () => {
    for (const role of ['supervisor', 'operator', 'auditor'] as const)
      core.ledger.persons.enter({
        person_id: role,
        account: `person:${role}`,
        created_at: 0,
        name: role,
        role,
        badge_digest: null,
        pin_hash: 'none',
      });
    for (const [who, code] of [
      [{ proof: 'account', account: 'kiosk' }, 'sign-in-needed'],
      [{ proof: 'pin', personId: 'operator' }, 'role-missing'],
      [{ proof: 'badge', personId: 'auditor' }, 'pin-needed'],
    ] as const) {
      actor = who;
      const refused = { ok: false, code } as const;
      assert.deepEqual(
        [
          await desk.read(),
          await desk.run({ kind: 'checkpoint' }),
          await desk.stop(),
          await desk.files({ folder: 'Stick' }),
        ],
        [refused, refused, refused, refused],
      );
    }
    actor = { proof: 'pin', personId: 'auditor' };
    await written({ kind: 'export', format: 'jsonl', folder: 'Stick' });
    assert.equal(entriesOf(core).at(-1)!.personId, 'auditor');
  });

  it('A3 says of a consistency proof what it proves', async () => {
    const [kept] = checkpointFilesOf(core.directory.checkpointsDirectory, core.identity.origin);
    const out = path.join(stick, 'consistency.json');
    await writeConsistencyProof(core, { from: kept!.file, out, account: 'auditor', verify: false });
    const found = await finding('consistency.json');
    assert.ok(found.ok, JSON.stringify(found));
    assert.deepEqual([found.extends, found.entries, found.own], [kept!.head.size, 0, true]);
  });
});
