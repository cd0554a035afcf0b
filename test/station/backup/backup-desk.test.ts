/** The Backup screen's desk and the station as its host keeps it, on real ledgers: now, verified, restored running and stopped. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openLedgerToRead } from '../../../db/ledger-file.ts';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { addPerson } from '../../../src/station/access/manage-people.ts';
import { signInSecret } from '../../../src/station/access/sign-in-key.ts';
import { recordFault } from '../../../src/station/backup/backup-record.ts';
import type { BackupAnswer, BackupView } from '../../../src/station/backup/backup-view.ts';
import { prepareDataDirectory } from '../../../src/station/data-directory.ts';
import { type Entered, KeptStation } from '../../../src/station/keep-station.ts';
import type { KioskWindow } from '../../../src/station/kiosk/kiosk-station.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { openSecretStore } from '../../../src/station/secrets/open-secret-store.ts';
import type { StopDesk, StopView } from '../../../src/station/stop-view.ts';
import { realScrypt } from '../access/cheap-scrypt.ts';
import { minaPin, owner } from '../access/people-fixture.ts';
import { backUp, env, type Places, placesFor, record, restore } from './backup-fixture.ts';

// Who may restore is looked up in the backup, in a thread.
realScrypt();

const enter = (kept: KeptStation, gone = () => {}): Entered => kept.enter({ own: true, end: () => {} }, gone);

function windowOf(kept: KeptStation, gone?: () => void): KioskWindow {
  const entered = enter(kept, gone);
  assert.ok(entered.open, JSON.stringify(!entered.open && entered.stop.view()));
  return entered.window;
}

function stopOf(kept: KeptStation): StopDesk {
  const entered = enter(kept);
  assert.ok(!entered.open);
  return entered.stop;
}

const seen = (answer: BackupAnswer): BackupView => {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.backup;
};

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(5);
  }
}

const worked = ({ backups }: KioskWindow) =>
  until(async () => {
    const view = seen(await backups.read());
    return view.work?.state !== 'running' && view.backups ? view : undefined;
  });

const stopped = (stop: StopDesk, state: StopView['state']) =>
  until(() => {
    const view = stop.view();
    assert.ok([state, 'restoring'].includes(view.state), JSON.stringify(view));
    return view.state === state ? view : undefined;
  });

/** Whole and verified, but written elsewhere of a true one, with the engineer's own PIN as a supervisor's; without a secret of the station. */
async function forgeBackup(places: Places, backup: string): Promise<string> {
  const { secretsDirectory } = prepareDataDirectory(places.other);
  const secrets = openSecretStore(secretsDirectory, { env, rehearsal: true, stationKey: 'station-key' });
  secrets.writeOnce(signInSecret, 'A'.repeat(43));
  await restore(path.join(places.backups, backup), places.other);
  const core = openCore({ dataDirectory: places.other, env });
  const { persons } = core.ledger;
  const mina: Actor = { proof: 'pin', personId: persons.byAccount('person:mina')!.person_id };
  await addPerson(core, { id: 'evil', name: 'Evil', role: 'supervisor', pin: '999111' }, mina);
  persons.setPin(persons.byAccount('person:evil')!.person_id, persons.byAccount('person:choi')!.pin_hash!);
  const { folder } = await backUp(core, places);
  core.close();
  return path.basename(folder);
}

test('S4 S1 one is made and verified at the screen, and a supervisor goes on from it, running or stopped', async t => {
  const places = placesFor(t);
  const configuration = { backup: { folder: places.backups }, audit: { checkpointFolder: places.backups } };
  writeFileSync(path.join(places.data, 'keyline.json'), JSON.stringify(configuration));
  const kept = await KeptStation.open({ dataDirectory: places.data, env });
  t.after(() => kept.close());
  const { core } = kept.station!;
  const oldOrigin = core.identity.origin;
  // Before there are people, what came over a network asks for none.
  const far = kept.enter({ own: false }, () => {});
  assert.ok(far.open);
  assert.deepEqual(await far.window.backups.restore({ name: 'keyline-x', reason: '' }), {
    ok: false,
    code: 'sign-in-needed',
  });
  far.close();
  await addPerson(core, { id: 'mina', name: 'Kim Mina', role: 'supervisor', pin: minaPin }, owner);
  await addPerson(
    core,
    { id: 'choi', name: 'Choi', role: 'engineer', pin: '402199' },
    { proof: 'pin', personId: core.ledger.persons.signingIn()[0]!.person_id },
  );
  record(core, 5);

  let sentAway = 0;
  const window = windowOf(kept, () => {
    sentAway += 1;
  });
  assert.deepEqual(await window.backups.read(), { ok: false, code: 'sign-in-needed' });
  await window.signIn({ id: 'choi', pin: '402199' });
  await t.test('made now, listed, verified', async () => {
    // The schedule may be about it, too: it is due as soon as the station runs.
    const made = await until(async () => {
      const begun = seen(await window.backups.make());
      assert.ok(begun.work);
      const view = await worked(window);
      return view.work!.failure?.code === 'backup-elsewhere' ? undefined : view;
    });
    assert.deepEqual([made.work!.state, made.work!.kind], ['done', 'make'], JSON.stringify(made.work));
    const row = await until(async () =>
      seen(await window.backups.read()).backups!.find(({ name }) => name === made.work!.name),
    );
    assert.deepEqual([row.devices, row.entries, row.checked!.fault], [5, made.work!.entries, undefined]);
    assert.deepEqual(
      [made.good!.name, made.sameDisk, made.overdue, made.canRestore],
      [row.name, true, false, true],
    );
    assert.deepEqual(await window.backups.verify({ name: '../data' }), { ok: false, code: 'backup-unknown' });
    seen(await window.backups.verify({ name: row.name }));
    assert.equal((await worked(window)).work!.state, 'done');
  });
  const backup = seen(await window.backups.read()).good!.name;

  await t.test('a failed one is told to every window until one succeeds', async () => {
    const { good } = seen(await window.backups.read());
    recordFault(core.directory, { at: core.clock.read().at, code: 'backup-failed', message: 'no space' });
    const events: unknown[] = [];
    const leave = window.subscribe(event => event.kind === 'backup' && events.push(event.trouble));
    const { fault } = seen(await window.backups.read());
    assert.equal(fault!.failure.code, 'backup-failed');
    seen(await window.backups.verify({ name: backup }));
    await worked(window);
    assert.deepEqual(events, [{ kind: 'failed', good: good!.at }]);
    assert.deepEqual(window.view().backup, events[0]);
    seen(await window.backups.make());
    await worked(window);
    assert.equal(events.at(-1), null);
    leave();
  });

  record(core, 3);
  let forged: string;
  await t.test('running: by PIN only, in a new log that says who and why, and what is missing', async () => {
    const act = { name: backup, reason: 'wrong lot imported' };
    assert.deepEqual(await window.backups.restore(act), { ok: false, code: 'role-missing' });
    const by = { id: 'mina', pin: minaPin };
    assert.deepEqual(await window.backups.restore({ ...act, by: { ...by, pin: '111222' } }), {
      ok: false,
      code: 'sign-in-refused',
    });
    // What proves that there was more.
    const { keepCheckpoint } = await import('../../../src/station/log/keep-checkpoint.ts');
    const { size } = keepCheckpoint(core);
    assert.deepEqual(await window.backups.restore({ ...act, by }), { ok: true });
    const stop = await until(() => (sentAway > 0 ? stopOf(kept) : undefined));
    const { report } = (await stopped(stop, 'restored')) as Extract<StopView, { state: 'restored' }>;
    assert.equal(sentAway, 1);
    const [missing] = report.missing;
    assert.deepEqual([missing!.origin, missing!.last, report.devices], [oldOrigin, size - 1, 5]);
    assert.deepEqual([report.backup, report.previousOrigin, report.needs.pins], [backup, oldOrigin, false]);
    assert.ok(existsSync(path.join(places.data, report.setAside!, 'ledger.sqlite')));
    assert.deepEqual(stop.restore({ name: backup, reason: 'x', by }), { ok: false, code: 'not-stopped' });
    const spoilt = `${backup.slice(0, -4)}999Z`;
    cpSync(path.join(places.backups, backup), path.join(places.backups, spoilt), { recursive: true });
    writeFileSync(path.join(places.backups, spoilt, 'ledger.sqlite'), 'gone');
    forged = await forgeBackup(places, backup);
    assert.deepEqual(stop.openAgain(), { ok: true });
    await until(() => kept.station);
    const now = kept.station!.core;
    const started = JSON.parse(now.ledger.audit.get(0, now.identity.logId)!.entry.toString());
    const person = now.ledger.persons.byAccount('person:mina')!.person_id;
    assert.deepEqual(
      [started.data.because, started.data.reason, started.personId],
      ['restored', 'wrong lot imported', person],
    );
    const again = windowOf(kept);
    await again.signIn({ id: 'mina', pin: minaPin });
    assert.deepEqual(seen(await again.backups.read()).restored, report);
    // What can be told of a backup is told before the station is closed, which goes on.
    await until(async () => seen(await again.backups.read()).backups);
    for (const [name, code] of [
      [spoilt, 'backup-damaged'],
      [forged, 'backup-unproved'],
    ] as const) {
      assert.deepEqual(await again.backups.restore({ ...act, name }), { ok: true });
      const { work } = await worked(again);
      assert.deepEqual([work!.kind, work!.state, work!.failure?.code], ['restore', 'failed', code]);
      assert.ok(kept.station);
    }
    const rows = seen(await again.backups.read()).backups!;
    assert.match(rows.find(({ name }) => name === spoilt)!.checked!.fault!, /is not what was written/);
    // It came to nothing behind that: the station can be opened, so nobody leaves the kiosk here without a PIN.
    const elsewhere = openCore({ dataDirectory: places.data, env });
    assert.deepEqual(await again.backups.restore(act), { ok: true });
    const failed = await until(() => (kept.station ? undefined : stopOf(kept)));
    const view = (await stopped(failed, 'stopped')) as Extract<StopView, { state: 'stopped' }>;
    elsewhere.close();
    assert.deepEqual([view.restoreFailure!.code, view.canEnd], ['station-in-use', false]);
    assert.deepEqual(failed.end(), { ok: false, code: 'not-stopped' });
  });

  await t.test('stopped: says why, and asks the backup itself who may', async () => {
    await kept.close();
    const ledgerFile = path.join(places.data, 'ledger.sqlite');
    rmSync(`${ledgerFile}-wal`, { force: true });
    writeFileSync(ledgerFile, readFileSync(ledgerFile).fill(7, 0, 4096));
    const second = await KeptStation.open({ dataDirectory: places.data, env });
    t.after(() => second.close());
    const stop = stopOf(second);
    const view = stop.view();
    assert.ok(view.state === 'stopped');
    assert.deepEqual([view.failure!.code, view.restore, view.canEnd], ['not-sqlite', 'pin', true]);
    assert.ok(view.backups.some(({ name }) => name === backup));
    const ask = (by: { id: string; pin: string } | undefined, name = backup) =>
      stop.restore({ name, reason: 'disk fault', ...(by && { by }) });
    assert.deepEqual(ask(undefined), { ok: false, code: 'sign-in-needed' });
    assert.deepEqual(ask({ id: 'mina', pin: minaPin }, 'other'), { ok: false, code: 'backup-unknown' });
    const refused = async (by: { id: string; pin: string }) => {
      assert.deepEqual(ask(by), { ok: true });
      const after = (await stopped(stop, 'stopped')) as Extract<StopView, { state: 'stopped' }>;
      return after.restoreFailure!.code;
    };
    assert.equal(await refused({ id: 'choi', pin: '402199' }), 'role-missing');
    assert.equal(await refused({ id: 'mina', pin: '000111' }), 'sign-in-refused');
    assert.ok(openLedgerToRead(path.join(places.backups, backup, 'ledger.sqlite')));
    assert.deepEqual(ask({ id: 'evil', pin: '402199' }, forged), { ok: true });
    const after = (await stopped(stop, 'stopped')) as Extract<StopView, { state: 'stopped' }>;
    assert.equal(after.restoreFailure!.code, 'backup-unproved');
    assert.deepEqual(ask({ id: 'mina', pin: minaPin }), { ok: true });
    const { report } = (await stopped(stop, 'restored')) as Extract<StopView, { state: 'restored' }>;
    assert.deepEqual([report.devices, report.needs.pins], [5, false]);
    // Pressed at two windows in one moment, it is opened once.
    assert.deepEqual(stop.openAgain(), { ok: true });
    assert.deepEqual(stop.openAgain(), { ok: false, code: 'not-stopped' });
    await until(() => second.station);
    assert.equal(second.station!.core.ledger.counts.devices(), 5);
  });
});
