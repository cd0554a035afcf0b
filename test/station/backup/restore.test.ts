import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { openLedger } from '../../../db/ledger-file.ts';
import { signCheckpoint } from '../../../src/audit/checkpoint.ts';
import { KeyChain } from '../../../src/audit/key-chain.ts';
import { addPerson, needsFirstSupervisor, setPin } from '../../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../../src/station/access/sign-in.ts';
import { manifestFile, sealManifest } from '../../../src/station/backup/backup-manifest.ts';
import { verifyBackup } from '../../../src/station/backup/verify-backup.ts';
import { examineCheckpoints } from '../../../src/station/doctor/examine-checkpoints.ts';
import { drainOutboxOnce } from '../../../src/station/drain/drain-outbox.ts';
import { writeCheckpointFile } from '../../../src/station/log/checkpoint-files.ts';
import { keepCheckpoint } from '../../../src/station/log/keep-checkpoint.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { cancelEntries } from '../../../src/station/queue/cancel-entry.ts';
import { verifyLedgerFile } from '../../../src/station/verify-ledger/verify-ledger-file.ts';
import { emulatorForTest, send, type TestEmulator } from '../../emulator/running-emulator.ts';
import { mina, minaPin, owner } from '../access/people-fixture.ts';
import { coreForTest } from '../station-fixture.ts';
import { backUp, env, placesFor, record, restore } from './backup-fixture.ts';

const firstData = (core: { readonly ledger: ReturnType<typeof openLedger> }) =>
  JSON.parse(core.ledger.audit.get(0)!.entry.toString()).data;

describe('a station whose disk died', () => {
  it('A1 goes on from its backup in a new log, and A2 says exactly what checkpoints outside prove to be missing', async t => {
    const places = placesFor(t);
    const witnesses = path.join(places.backups, 'witnesses');
    mkdirSync(witnesses);
    const configuration = { station: { name: 'Left' }, audit: { witnessFolder: witnesses } };
    const { old, lost, backup, size, code } = await (async () => {
      using core = coreForTest({ folder: places.data, env, configuration });
      await mina(core);
      record(core, 4);
      const made = await backUp(core, places);
      record(core, 3);
      const kept = keepCheckpoint(core);
      return {
        old: core.identity,
        lost: kept.note,
        backup: made.folder,
        size: made.manifest.size,
        code: kept.size,
      };
    })();
    rmSync(places.data, { recursive: true });

    const report = await restore(backup, places.other);
    assert.equal(report.setAside, null);
    assert.equal(report.devices, 4);
    assert.deepEqual(
      report.missing.map(({ origin, first, last }) => [origin, first, last]),
      [[old.origin, size, code - 1]],
    );
    assert.ok(Number.isFinite(Date.parse(report.missing[0]!.since!)));
    assert.deepEqual(report.needs, { pins: true, dpsKey: true });
    assert.deepEqual(report.putBack, ['keyline.json']);

    const core = openCore({ dataDirectory: places.other, env });
    try {
      assert.deepEqual(core.notices, []);
      assert.equal(core.identity.stationId, old.stationId);
      assert.equal(core.identity.origin, report.origin);
      assert.notEqual(core.identity.verifierKey.split('+')[2], old.verifierKey.split('+')[2]);
      const said = firstData(core);
      assert.deepEqual([said.because, said.outsideCheckpoint], ['restored', lost]);
      assert.ok(said.previousCheckpoint.startsWith(`${old.origin}\n`));
      assert.ok(examineCheckpoints(core).every(({ state }) => state !== 'bad'));
      // Mina is still who she was, and the account that owns the directory gives her a PIN.
      await assert.rejects(signInWithPin(core, { id: 'mina' }, minaPin));
      assert.ok(needsFirstSupervisor(core));
      await setPin(core, 'mina', '918273', owner);
      const signedIn = await signInWithPin(core, { id: 'mina' }, '918273');
      assert.ok(!needsFirstSupervisor(core));
      await addPerson(core, { id: 'op', name: 'Op', role: 'operator', pin: '557133' }, signedIn);
      await assert.rejects(setPin(core, 'op', '557144', owner), { code: 'sign-in-needed' });
      record(core, 2);
    } finally {
      core.close();
    }
    const verdicts = await verifyLedgerFile(path.join(places.other, 'ledger.sqlite'), { checkpoints: [] });
    assert.deepEqual(
      verdicts.map(verdict => verdict.ok),
      [true, true],
    );
  });

  it('A2 is not restored from a backup that contradicts a checkpoint outside', async t => {
    const places = placesFor(t);
    using core = coreForTest({ folder: places.data, env });
    record(core, 2);
    const { folder, manifest } = await backUp(core, places);
    const { key, origin, verifierKey } = core.identity;
    core.close();
    const outside = path.join(places.backups, 'outside');
    await assert.rejects(restore(folder, places.other, { checkpointFolders: [outside] }), {
      code: 'checkpoint-folder-missing',
    });
    const note = signCheckpoint(key, { origin, size: manifest.size, rootHash: Buffer.alloc(32, 7) });
    const keys = KeyChain.of(origin, verifierKey);
    writeCheckpointFile(outside, note, { keys, now: Date.now() });
    await assert.rejects(restore(folder, places.other, { checkpointFolders: [outside] }), {
      code: 'backup-damaged',
      message: /are not those that were signed/,
    });
    assert.ok(!existsSync(path.join(places.other, 'ledger.sqlite')));
    await restore(folder, places.other);
  });
});

it('S2 a backup that somebody else made puts nothing among the secrets', async t => {
  const places = placesFor(t);
  using core = coreForTest({ folder: places.data, env });
  record(core, 1);
  const { folder, manifest } = await backUp(core, places);
  const { key } = core.identity;
  core.close();
  const file = path.join(folder, 'secrets', 'sign-in-key');
  mkdirSync(path.dirname(file));
  writeFileSync(file, 'known to a stranger');
  const { seal, files, ...stated } = manifest;
  const sha256 = hash('sha256', 'known to a stranger');
  const planted = { path: 'secrets/sign-in-key', bytes: 19, sha256 };
  writeFileSync(
    path.join(folder, manifestFile),
    sealManifest({ ...stated, files: [...files, planted] }, key),
  );
  await verifyBackup(folder);
  await assert.rejects(restore(folder, places.other), {
    code: 'backup-damaged',
    message: /has secrets\/sign-in-key/,
  });
  assert.ok(!existsSync(path.join(places.other, 'secrets', 'sign-in-key')));
});

describe('a restore over what is there', () => {
  it('S4 keeps the old ledger by name, is refused while it can be used or is in use, and never takes a damaged backup', async t => {
    const places = placesFor(t);
    const core = coreForTest({ folder: places.data, env });
    await mina(core);
    record(core, 3);
    const { folder } = await backUp(core, places);
    record(core, 1);
    await assert.rejects(restore(folder, places.data), { code: 'station-in-use' });
    core.close();
    const bent = `${folder}-bent`;
    cpSync(folder, bent, { recursive: true });
    writeFileSync(path.join(bent, 'keyline.json'), '{}');
    const ledger = path.join(places.data, 'ledger.sqlite');
    await assert.rejects(restore(folder, places.data), { code: 'restore-over-ledger' });
    assert.equal(readdirSync(places.data).filter(name => /^(set-aside|restoring)/.test(name)).length, 0);

    // One of a newer Keyline is none the worse for that: user_version stands at offset 60 of the header.
    const newer = readFileSync(ledger);
    const today = newer.readUInt32BE(60);
    newer.writeUInt32BE(9999, 60);
    writeFileSync(ledger, newer);
    await assert.rejects(restore(folder, places.data), { code: 'restore-over-ledger' });
    newer.writeUInt32BE(today, 60);

    const broken = newer;
    broken.fill(0x5a, 16_384 * 2, 16_384 * 6);
    writeFileSync(ledger, broken);
    writeFileSync(`${ledger}-wal`, 'its wal');
    rmSync(path.join(bent, 'ledger.sqlite'));
    await assert.rejects(restore(bent, places.data), { code: 'backup-damaged' });
    assert.deepEqual(readFileSync(ledger), broken);

    const report = await restore(folder, places.data);
    assert.deepEqual(readFileSync(path.join(report.setAside!, 'ledger.sqlite')), broken);
    assert.equal(readFileSync(path.join(report.setAside!, 'ledger.sqlite-wal'), 'utf8'), 'its wal');
    assert.deepEqual(report.needs, { pins: false, dpsKey: true });
    const again = openCore({ dataDirectory: places.data, env });
    await signInWithPin(again, { id: 'mina' }, minaPin);
    assert.equal(again.ledger.counts.devices(), 3);
    again.close();
    // Where a person means it, an intact one is set aside, too; and a restored station is backed up like any other.
    const second = await restore(folder, places.data, { setAsideIntact: true });
    assert.notEqual(second.setAside, report.setAside);
    const restored = openCore({ dataDirectory: places.data, env });
    const next = await backUp(restored, places);
    restored.close();
    assert.equal((await verifyBackup(next.folder)).manifest.origin, second.origin);
    // It is in its place, and nobody is told that nothing was changed.
    writeFileSync(path.join(places.data, 'keyline.json'), JSON.stringify({ trustStore: './gone' }));
    await assert.rejects(restore(folder, places.data, { setAsideIntact: true }), {
      code: 'restored-unopened',
      message: /gone/,
    });
    rmSync(path.join(places.data, 'keyline.json'));
    using third = coreForTest({ folder: places.data, env });
    assert.equal(third.ledger.counts.devices(), 3);
  });
});

describe('what a restored station sends', () => {
  let dps: TestEmulator;
  before(async () => {
    dps = await emulatorForTest();
  });
  after(() => dps.close());

  it('O3 is asked about first: what was enrolled since the backup is recognised, created once and never overwritten', async t => {
    const places = placesFor(t);
    const sending = {
      ...env,
      KEYLINE_DPS_CONNECTION_STRING: dps.connectionString,
      KEYLINE_DPS_CA_FILE: dps.caFile,
    };
    const first = coreForTest({ folder: places.data, env: sending });
    record(first, 12);
    const { folder } = await backUp(first, places);
    const ids = first.ledger.outbox.list({ limit: 100 }).map(row => row.registration_id);
    record(first, 2);
    assert.equal((await drainOutboxOnce(first, {})).enrolled, 14);
    first.close();

    const report = await restore(folder, places.other, { env: sending });
    assert.equal(report.asked, 12);
    const core = openCore({ dataDirectory: places.other, env: sending });
    t.after(() => core.close());
    const [entry] = core.ledger.outbox.list({ limit: 1 });
    // It was sent, though the ledger cannot know: it is not to be cancelled.
    const act = { who: await mina(core), reason: 'test' };
    assert.throws(() => cancelEntries(core, [entry!.entry_id], act));
    record(core, 1);
    assert.deepEqual({ ...core.ledger.counts.outbox() }.sending, 12);
    const drained = await drainOutboxOnce(core, {});
    assert.equal(drained.enrolled, 13);
    assert.deepEqual([drained.conflicts, drained.quarantined, drained.remaining], [0, 0, 0]);
    const { enrollments } = JSON.parse(
      (await send(dps, { method: 'GET', path: '/$emulator/state' })).text,
    ) as {
      enrollments: {
        registrationId: string;
        created: number;
        overwritten: number;
        repeatedCreates: number;
      }[];
    };
    for (const id of ids) {
      const state = enrollments.find(each => each.registrationId === id)!;
      assert.deepEqual([state.created, state.overwritten, state.repeatedCreates], [1, 0, 0], id);
    }
    const { ok } = (await verifyLedgerFile(core.ledger.path, {})).at(-1)!;
    assert.ok(ok);
  });
});
