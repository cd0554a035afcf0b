/** One window of the kiosk on a real station: who may do what there, and who is put down for it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { StationError } from '../../../src/station/errors.ts';
import type { KioskWindow } from '../../../src/station/kiosk/kiosk-station.ts';
import { openStation, type Station } from '../../../src/station/open-station.ts';
import type { LiveEvent, WhoView } from '../../../src/station/views.ts';
import { entriesOf } from '../station-fixture.ts';

const minaPin = '240817';
const mina = { id: 'mina', name: 'Kim Mina', pin: minaPin, badge: 'B-0001' } as const;
const park = { id: 'park', name: 'Park', role: 'operator', badge: 'B-0002' } as const;
const needsSomebody = (error: unknown) => error instanceof StationError && error.code === 'sign-in-needed';

describe('a window of the kiosk', () => {
  let folder: string;
  let station: Station;
  let window: KioskWindow;

  /** A bridge that takes the connection and then says nothing: a run there lasts until it is stopped. */
  let silent: Server;
  const silentFixture = () => [
    { id: 'left', bridge: `swtpm:host=127.0.0.1,port=${(silent.address() as AddressInfo).port}` },
  ];

  async function open(configuration: object = {}) {
    await writeFile(
      path.join(folder, 'keyline.json'),
      JSON.stringify({
        // Nobody listens there: a run ends at once, and is recorded.
        fixtures: [{ id: 'left', bridge: 'swtpm:host=127.0.0.1,port=9' }],
        ...configuration,
      }),
    );
    station = await openStation({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1' } });
    window = station.kiosk.openWindow({ own: true });
  }
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'keyline-window-'));
    silent = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterEach(async () => {
    await station.close();
    silent.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const who = (at: KioskWindow = window) => at.view().who;
  const nameOf = (seen: WhoView | undefined) => (seen?.state === 'signed-in' ? seen.id : seen?.state);
  /** The first supervisor, and an operator with a badge. */
  async function people(): Promise<string> {
    const made = await window.addFirstSupervisor(mina);
    assert.ok(made.ok);
    const added = await window.people.add(park);
    assert.ok(added.ok);
    return made.resume;
  }
  const told = (fits: (event: LiveEvent) => boolean) =>
    new Promise<void>(resolve => {
      const leave = window.subscribe(event => {
        if (!fits(event)) return;
        leave();
        resolve();
      });
    });

  it('asks nobody to sign in while there is no supervisor, and everybody from then on (S1)', async () => {
    await open();
    assert.equal(who(), undefined);
    assert.deepEqual(await window.scan({ text: 'SN-1' }), { ok: true, fixture: 'left' });
    const other = station.kiosk.openWindow({ own: true });
    await people();
    assert.deepEqual(who(), {
      state: 'signed-in',
      id: 'mina',
      name: 'Kim Mina',
      role: 'supervisor',
      proof: 'pin',
    });
    assert.deepEqual(who(other), { state: 'locked' });
    for (const act of [
      () => other.scan({ text: 'SN-2' }),
      () => other.start({}),
      () => other.stop({ fixture: 'left' }),
      () => other.clear({ fixture: 'left' }),
      () => other.queue.list({ state: 'queued', limit: 1 }),
    ])
      assert.throws(act, needsSomebody);
    assert.deepEqual(await other.people.list(), { ok: false, code: 'sign-in-needed' });
    assert.deepEqual(await other.queue.compare({ entry: 'x' }).valueOf(), {
      ok: false,
      code: 'sign-in-needed',
      detail: 'nobody is signed in at this window',
    });
    assert.equal(other.view().fixtures[0]?.serial, 'SN-1', 'a locked window shows what is there');
  });

  it('makes the first supervisor at its own window only, and once', async () => {
    await open();
    const far = station.kiosk.openWindow({ own: false });
    assert.deepEqual(await far.addFirstSupervisor(mina), { ok: false, code: 'first-supervisor' });
    assert.deepEqual(await window.addFirstSupervisor({ ...mina, pin: '123456' }), {
      ok: false,
      code: 'pin-weak',
    });
    await people();
    const second = await window.addFirstSupervisor({ id: 'lee', name: 'Lee', pin: '913572' });
    assert.deepEqual(second, { ok: false, code: 'first-supervisor' });
    const entries = entriesOf(station.core).filter(entry => entry.type === 'person');
    assert.deepEqual(
      entries.map(entry => entry.data.role),
      ['supervisor', 'operator'],
    );
    assert.doesNotMatch(JSON.stringify(entries), /mina|Mina|park|B-000/, 'A1');
  });

  it('is ended at its own window alone, with nothing under test, by whoever has the role and the PIN (S1)', async () => {
    await open({ fixtures: silentFixture() });
    let ended = 0;
    const done = Promise.withResolvers<void>();
    const end = () => {
      ended += 1;
      done.resolve();
    };
    const own = station.kiosk.openWindow({ own: true, end });
    const far = station.kiosk.openWindow({ own: false, end });
    assert.deepEqual(
      [own, far, window].map(each => each.view().canEnd),
      [true, undefined, undefined],
    );
    for (const other of [far, window])
      assert.deepEqual(await other.leaveKiosk({ reason: '' }), { ok: false, code: 'not-endable' });

    await people();
    const refused = async (act: Parameters<KioskWindow['leaveKiosk']>[0]) => {
      const answer = await own.leaveKiosk(act);
      return answer.ok || answer.code;
    };
    const by = { id: 'mina', pin: minaPin };
    assert.equal(await refused({ reason: 'x' }), 'sign-in-needed');
    assert.ok((await own.signIn({ badge: park.badge })).ok);
    assert.equal(await refused({ reason: 'update' }), 'role-missing');
    assert.equal(await refused({ reason: 'update', by: { ...by, pin: '135791' } }), 'sign-in-refused');
    assert.equal(await refused({ reason: ' ', by }), 'reason-invalid');
    await own.scan({ text: 'SN-1' });
    await own.start({});
    assert.equal(await refused({ reason: 'update', by }), 'tests-running');
    const stopped = told(event => event.kind === 'fixture' && event.fixture.state === 'decided');
    await own.stop({ fixture: 'left' });
    await stopped;
    assert.ok((await own.signIn({ badge: mina.badge })).ok);
    assert.equal(await refused({ reason: 'update' }), 'pin-needed');
    assert.equal(ended, 0);
    assert.equal(await refused({ reason: 'update', by }), true);
    await done.promise;
    assert.equal(ended, 1);
    const entries = entriesOf(station.core);
    const supervisor = entries.find(entry => entry.type === 'person')!.data.subjectId;
    const kiosk = entries.filter(entry => entry.type === 'kiosk');
    assert.deepEqual(
      kiosk.map(({ personId, data }) => [personId, data]),
      [[supervisor, { change: 'ended', because: 'update' }]],
    );
  });

  it('hands over by badge, and a badge gives an operator’s rights only (S1)', async () => {
    await open();
    const secret = await people();
    assert.ok((await window.signIn({ badge: park.badge })).ok);
    assert.equal(nameOf(who()), 'park');
    assert.deepEqual(window.resume({ secret }), { ok: false }, 'the sign-in of before has ended');
    assert.deepEqual(await window.people.list(), { ok: false, code: 'role-missing' });
    assert.ok((await window.signIn({ badge: mina.badge })).ok);
    assert.deepEqual(await window.people.list(), { ok: false, code: 'pin-needed' });
    assert.ok((await window.signIn({ badge: mina.badge, pin: minaPin })).ok);
    assert.ok((await window.people.list()).ok);
  });

  it('lets a supervisor do one act in place, and the operator stays signed in', async () => {
    await open();
    await people();
    await window.signIn({ badge: park.badge });
    const lee = { id: 'lee', name: 'Lee', role: 'engineer', pin: '913572' } as const;
    assert.deepEqual(await window.people.add(lee), { ok: false, code: 'role-missing' });
    const wrong = await window.people.add({ ...lee, by: { id: 'mina', pin: '999111' } });
    assert.deepEqual(wrong, { ok: false, code: 'sign-in-refused' });
    assert.ok((await window.people.add({ ...lee, by: { badge: mina.badge, pin: minaPin } })).ok);
    assert.equal(nameOf(who()), 'park');
    assert.deepEqual(await window.people.list(), { ok: false, code: 'role-missing' }, 'for that act alone');
  });

  it('finds its sign-in again by the secret, until it is locked; runs go on and are put down to who began them (A1)', async () => {
    await open();
    await people();
    const signedIn = await window.signIn({ badge: park.badge });
    assert.ok(signedIn.ok);
    await window.scan({ text: 'SN-1' });
    const decided = told(event => event.kind === 'fixture' && event.fixture.state === 'decided');
    await window.start({});
    const reloaded = station.kiosk.openWindow({ own: true });
    assert.equal(nameOf(who(reloaded)), 'locked');
    assert.deepEqual(reloaded.resume({ secret: `${signedIn.resume}x` }), { ok: false });
    assert.deepEqual(reloaded.resume({ secret: signedIn.resume }), { ok: true });
    assert.equal(nameOf(who(reloaded)), 'park');
    reloaded.lock();
    assert.equal(nameOf(who()), 'locked', 'both were one sign-in');
    assert.deepEqual(reloaded.resume({ secret: signedIn.resume }), { ok: false });
    await decided;
    const entries = entriesOf(station.core);
    const harvest = entries.find(entry => entry.type === 'harvest')!;
    const added = entries.filter(entry => entry.type === 'person').at(-1)!;
    assert.equal(harvest.personId, added.data.subjectId);
  });

  it('puts a run down to the random id of who was removed while it ran, and leaves no name behind (A1)', async () => {
    await open({ fixtures: silentFixture() });
    await people();
    await window.signIn({ badge: park.badge });
    await window.scan({ text: 'SN-1' });
    const decided = told(event => event.kind === 'fixture' && event.fixture.state === 'decided');
    await window.start({});
    assert.ok((await window.people.remove({ id: 'park', by: { id: 'mina', pin: minaPin } })).ok);
    assert.equal(nameOf(who()), 'locked', 'who was removed is signed in no more');
    assert.deepEqual(await station.kiosk.stop({ fixture: 'left' }), { ok: true }, 'it runs yet');
    await decided;
    assert.equal(station.core.ledger.persons.byAccount('person:park'), undefined);
    const entries = entriesOf(station.core);
    const removed = entries.find(entry => entry.data.change === 'removed')!;
    assert.equal(entries.find(entry => entry.type === 'harvest')!.personId, removed.data.subjectId);
  });

  it('locks by itself after minutes without a hand, whatever its page does, and tells so', async () => {
    await open({ station: { lockMinutes: 0.02 } });
    await people();
    const locked = told(event => event.kind === 'who' && event.who?.state === 'locked');
    const since = performance.now();
    await locked;
    assert.ok(performance.now() - since < 5000);
    assert.throws(() => window.start({}), needsSomebody);
  });

  it('takes no badge for a serial and no serial for a badge, by the prefix', async () => {
    await open({ station: { badgePrefix: 'B-' } });
    await people();
    assert.deepEqual(window.scan({ text: 'B-9999' }), { ok: false, code: 'badge-scanned' });
    assert.deepEqual(await window.signIn({ badge: 'SN-1' }), { ok: false, code: 'not-a-badge' });
    assert.deepEqual(await window.people.add({ ...park, id: 'choi', badge: '0003' }), {
      ok: false,
      code: 'person-invalid',
    });
  });

  it('takes no badge for a serial without a prefix, either: those that people here have', async () => {
    await open();
    await people();
    assert.deepEqual(window.scan({ text: park.badge }), { ok: false, code: 'badge-scanned' });
    assert.deepEqual(window.scan({ text: 'B-0003' }), { ok: true, fixture: 'left' });
  });

  it('says how long wrong PINs lock, and changes one’s own PIN with the one of before', async () => {
    await open();
    await people();
    assert.deepEqual(await window.setOwnPin({ pin: '999111', newPin: '806319' }), {
      ok: false,
      code: 'sign-in-refused',
    });
    assert.deepEqual(await window.setOwnPin({ pin: minaPin, newPin: '806319' }), { ok: true });
    assert.ok((await window.signIn({ id: 'mina', pin: '806319' })).ok);
    for (let n = 0; n < 3; n += 1) await window.signIn({ id: 'mina', pin: minaPin });
    const refused = await window.signIn({ id: 'mina', pin: '806319' });
    assert.ok(!refused.ok && refused.code === 'sign-in-locked');
    assert.ok(refused.waitMs! > 0 && refused.waitMs! <= 5000);
    assert.equal(nameOf(who()), 'mina', 'whoever was signed in stays');
  });
});
