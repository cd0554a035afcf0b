import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { manifestFile } from '../../../src/station/backup/backup-manifest.ts';
import { readBackupRecord } from '../../../src/station/backup/backup-record.ts';
import { startBackups } from '../../../src/station/backup/backup-schedule.ts';
import { backupFault, examineBackups } from '../../../src/station/backup/examine-backups.ts';
import { keepNewest, listBackups } from '../../../src/station/backup/list-backups.ts';
import { backUpAsConfigured, backupDue } from '../../../src/station/backup/scheduled-backup.ts';
import { verifyBackup } from '../../../src/station/backup/verify-backup.ts';
import { mina, movedClock } from '../access/people-fixture.ts';
import { coreForTest, type TestCore } from '../station-fixture.ts';
import { backUp, env, placesFor, record } from './backup-fixture.ts';

const open = (folder: string, configuration: unknown = {}): TestCore =>
  coreForTest({ folder, env, configuration });

describe('a backup', () => {
  it('S4 is of one moment while others write, verified, whole with configuration and trust store, and S2 without any secret', async t => {
    const places = placesFor(t);
    mkdirSync(path.join(places.data, 'trust'));
    writeFileSync(path.join(places.data, 'trust', 'maker.pem'), 'a certificate\n');
    using core = open(places.data, { station: { name: 'Left' } });
    await mina(core);
    record(core, 5);
    let during = 0;
    const { makeBackup } = await import('../../../src/station/backup/make-backup.ts');
    const made = await makeBackup(core, {
      folder: places.backups,
      onProgress: () => {
        record(core, 1);
        during += 1;
      },
    });
    assert.ok(during > 0);
    assert.equal(made.manifest.devices, 5);
    assert.equal(core.ledger.counts.devices(), 5 + during);
    assert.deepEqual(
      made.manifest.files.map(file => file.path),
      ['ledger.sqlite', 'keyline.json', 'trust/maker.pem'],
    );
    const again = await verifyBackup(made.folder);
    assert.equal(again.entries, made.manifest.size);
    const bytes = readdirSync(made.folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
    for (const name of ['station-key', 'sign-in-key']) {
      const secret = core.secrets.read(name)!;
      assert.ok(secret.length > 20 && bytes.every(text => !text.includes(secret)), name);
    }
    assert.equal(statSync(made.folder).mode & 0o077, 0);
    assert.deepEqual(
      listBackups(places.backups, core.identity.stationId).map(each => each.folder),
      [made.folder],
    );
  });

  it('S4 is refused with the place where any of it is not what was written', async t => {
    const places = placesFor(t);
    using core = open(places.data);
    record(core, 3);
    const { folder } = await backUp(core, places);
    const bent = `${folder}-bent`;
    const damages: readonly (readonly [RegExp, () => void])[] = [
      [
        /ledger\.sqlite is not what was written/,
        () => truncateSync(path.join(bent, 'ledger.sqlite'), 50_000),
      ],
      [/ledger\.sqlite is not what was written/, () => appendFileSync(path.join(bent, 'ledger.sqlite'), 'x')],
      [/keyline\.json: /, () => rmSync(path.join(bent, 'keyline.json'))],
      [/keyline\.json is not what was written/, () => writeFileSync(path.join(bent, 'keyline.json'), '[]')],
      [
        /sealed/,
        () => {
          const file = path.join(bent, manifestFile);
          writeFileSync(file, readFileSync(file, 'utf8').replace('"devices":3', '"devices":4'));
        },
      ],
      [
        /not what a station wrote/,
        () => {
          const file = path.join(bent, manifestFile);
          writeFileSync(file, readFileSync(file, 'utf8').replace('"keyline.json"', '"../keyline.json"'));
        },
      ],
    ];
    for (const [what, damage] of damages) {
      cpSync(folder, bent, { recursive: true });
      damage();
      await assert.rejects(verifyBackup(bent), (error: Error & { code: string }) => {
        assert.equal(error.code, 'backup-damaged');
        assert.match(error.message, what);
        return true;
      });
      rmSync(bent, { recursive: true });
    }
    await assert.rejects(verifyBackup(places.data), { code: 'backup-unreadable' });
    await assert.rejects(backUp(core, { ...places, backups: path.join(places.data, 'nowhere') }), {
      code: 'backup-folder-missing',
    });
    assert.ok(!existsSync(path.join(places.data, 'nowhere')));
  });

  it('S4 takes older ones of its own station away, and nothing else', async t => {
    const places = placesFor(t);
    const clock = movedClock();
    using core = coreForTest({ folder: places.data, env, clock });
    const { stationId } = core.identity;
    record(core, 1);
    const made: string[] = [];
    for (let day = 0; day < 4; day += 1) {
      clock.now += 86_400_000;
      made.push((await backUp(core, places)).folder);
    }
    writeFileSync(path.join(made[0]!, 'note.txt'), 'kept by a person');
    writeFileSync(path.join(made[1]!, manifestFile), 'broken');
    for (const name of ['keyline-station-0000000000-20200101T000000000Z', 'photos', '.keyline-other.part'])
      mkdirSync(path.join(places.backups, name));
    const gone = await keepNewest(made[3]!, stationId, 1);
    assert.deepEqual(gone, [made[2], made[0]]);
    assert.ok(!existsSync(made[2]!));
    // What is broken may be all that is left of something, and what a person put in is theirs.
    assert.deepEqual(readdirSync(made[0]!), ['note.txt']);
    assert.ok(existsSync(path.join(made[1]!, 'ledger.sqlite')));
    assert.equal(readdirSync(places.backups).length, 6);
    await verifyBackup(made[3]!);
    // A clock that went back must not make the newest the first to go.
    clock.now -= 30 * 86_400_000;
    const back = (await backUp(core, places)).folder;
    assert.deepEqual(await keepNewest(back, stationId, 1), [made[3]]);
    await verifyBackup(back);
  });
});

/** However slow the machine is: the test's own end is the deadline. */
async function cameAbout(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

describe('backups by themselves', () => {
  it('S4 are made in a thread while the station runs; one that fails is a fault until one succeeds', async t => {
    const places = placesFor(t);
    const away = path.join(places.backups, 'disk');
    using core = open(places.data, { backup: { folder: away, everyHours: 1, keep: 1 } });
    record(core, 2);
    assert.equal(backupDue(core), 0);
    const failing = startBackups(core, { lookEveryMs: 20 });
    await cameAbout(() => readBackupRecord(core.directory).fault !== null);
    await failing.close();
    assert.match(backupFault(core)!, /backup-folder-missing.*no good one/);
    assert.equal(examineBackups(core).state, 'bad');
    // Not again at once: a disk that is away would be asked for every minute.
    assert.ok(backupDue(core)! > Date.now());
    mkdirSync(away);
    rmSync(path.join(places.data, 'backups.json'));
    const working = startBackups(core, { lookEveryMs: 20 });
    await cameAbout(() => readBackupRecord(core.directory).good !== null);
    await working.close();
    const { good, fault } = readBackupRecord(core.directory);
    assert.equal(fault, null);
    assert.equal(backupFault(core), null);
    assert.ok(backupDue(core)! > Date.now());
    assert.equal((await verifyBackup(good!.folder)).manifest.devices, 2);
    const second = await backUpAsConfigured(core);
    assert.deepEqual(second.removed, [good!.folder]);
    assert.equal(examineBackups(core).state, 'notice', 'it is on the same disk');
  });
});
