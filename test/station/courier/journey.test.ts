/**
 * The way of twenty devices from a station without a network over a stick to a connected one, into the emulator, and the
 * receipt back; with everything that can happen to a stick on the way.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { resolveEntry } from '../../../src/station/conflict-desk/resolve-entry.ts';
import { disableEnrollment, enableEnrollment } from '../../../src/station/devices/change-enrollment.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { moveEntry } from '../../../src/station/queue/move-entry.ts';
import { reconcile } from '../../../src/station/reconcile/reconcile.ts';
import { EmulatedDps } from '../../outbox/emulated-dps.ts';
import { keyDigest } from '../attempt/endorsement-keys.ts';
import { entriesOf, type TestCore } from '../station-fixture.ts';
import {
  CourierLine,
  harvest,
  ledgerHolds,
  pack,
  pair,
  statesOf,
  sync,
  takeBack,
  unpack,
  writeBack,
} from './courier-fixture.ts';

const devices = Array.from({ length: 20 }, (_, at) => at + 1);

describe('a courier between a station without a network and one with it', () => {
  let dps: EmulatedDps;
  let line: CourierLine;
  let sender: TestCore;
  let receiver: TestCore;
  let at: ReturnType<typeof pair>;

  before(async () => {
    dps = await EmulatedDps.start();
    line = new CourierLine(dps);
    sender = line.offline('sender');
    receiver = line.online('receiver');
    at = pair(sender, receiver);
  });
  after(async () => {
    line.close();
    await dps.close();
  });

  it('O2 O8 enrols what was harvested without a network, each once, and only the receipt closes it there', async () => {
    for (const n of devices) harvest(sender, n, `SN-${n}`);
    const lost = await pack(sender, line.file('lost'));
    assert.deepEqual([lost.sequence, lost.entries, lost.left, lost.encrypted], [1, 20, 0, false]);
    const bundle = line.file('bundle');
    const packed = await pack(sender, bundle);
    assert.equal(packed.entries, 20, 'what is not closed goes into the next bundle again');
    assert.deepEqual(new Set(statesOf(sender)), new Set(['create queued']));

    const taken = await unpack(receiver, bundle);
    assert.deepEqual(taken.counts, { taken: 20, known: 0, 'already-here': 0, refused: 0 });
    assert.deepEqual([taken.notices.includes('gap'), taken.missing], [true, [1]], 'the lost one is named');
    const early = line.file('early');
    assert.equal((await writeBack(receiver, early)).counts.waiting, 20);
    assert.equal((await takeBack(sender, early)).counts.waiting, 20);
    assert.deepEqual(
      new Set(statesOf(sender)),
      new Set(['create queued']),
      'nothing closes before DPS has it',
    );

    assert.equal((await sync(receiver)).enrolled, 20);
    const one = await dps.connect().get(sender.ledger.devices.byEkSha256(keyDigest(7))!.registration_id);
    const { serial, stationId, harvestId } = one!.optionalDeviceInformation as Record<string, string>;
    assert.deepEqual([serial, stationId], ['SN-7', sender.identity.stationId], 'it names who harvested it');
    assert.equal(harvestId, sender.ledger.devices.byEkSha256(keyDigest(7))!.harvest_id);

    await writeBack(receiver, line.file('lost-receipt'));
    const receipt = line.file('receipt');
    assert.equal((await writeBack(receiver, receipt)).number, 3);
    assert.equal((await takeBack(sender, receipt)).counts.enrolled, 20);
    assert.deepEqual(new Set(statesOf(sender)), new Set(['create enrolled']));
    const told = entriesOf(sender).filter(({ data }) => data.change === 'enrolled');
    assert.deepEqual(new Set(told.map(({ data }) => data.how)), new Set(['courier-receipt']));

    const again = await takeBack(sender, receipt);
    assert.equal(again.counts['closed-before'], 20, 'a receipt that comes twice closes nothing twice');
    assert.equal((await takeBack(sender, early)).older, true);
    const replayed = await unpack(receiver, bundle);
    assert.deepEqual([replayed.notices.includes('known'), replayed.counts.known], [true, 20]);
    const late = await unpack(receiver, lost.files[0]!);
    assert.deepEqual([late.notices.includes('late'), late.counts.known], [true, 20]);
    await assert.rejects(pack(sender, line.file()), { code: 'courier-nothing-to-pack' });
    assert.equal((await sync(receiver)).enrolled, 0);
    const { enrollments } = await dps.state();
    assert.deepEqual(
      enrollments.map(({ created, overwritten, repeatedCreates }) => [created, overwritten, repeatedCreates]),
      devices.map(() => [1, 0, 0]),
    );
    assert.ok((await ledgerHolds(sender)) && (await ledgerHolds(receiver)));
  });

  it('O2 enrols nothing twice where a packed station finds a network after all', async () => {
    // Without a serial nothing but station and harvest tell whose it is.
    harvest(sender, 'both', null);
    const bundle = line.file();
    await pack(sender, bundle);
    const online = line.online('sender');
    assert.equal((await sync(online)).enrolled, 1);
    await unpack(receiver, bundle);
    const report = await sync(receiver);
    assert.deepEqual([report.enrolled, report.conflicts], [1, 0], 'recognised by its harvest');
    const receipt = line.file();
    await writeBack(receiver, receipt);
    assert.equal((await takeBack(sender, receipt)).counts['closed-before'], 1);
    const count = (await dps.state()).enrollments.find(
      ({ registrationId }) =>
        registrationId === sender.ledger.devices.byEkSha256(keyDigest('both'))!.registration_id,
    );
    assert.deepEqual([count?.created, count?.overwritten], [1, 0]);
  });

  it('O2 makes nothing again that was deleted at the receiver after the bundle was packed', async () => {
    harvest(receiver, 'gone', 'SN-gone');
    await sync(receiver);
    harvest(sender, 'gone', 'SN-gone');
    const bundle = line.file();
    await pack(sender, bundle);
    deleteDevice(receiver, 'SN-gone', { who: at.there, reason: 'scrap' });
    const taken = await unpack(receiver, bundle);
    assert.deepEqual(
      taken.refused.map(({ code, serial }) => [code, serial]),
      [['deleted-since', 'SN-gone']],
    );
    await sync(receiver);
    const receipt = line.file();
    await writeBack(receiver, receipt);
    assert.equal((await takeBack(sender, receipt)).counts.refused, 1);
    const entry = sender.ledger.outbox.list({ state: 'quarantined', limit: 9 })[0]!;
    assert.equal(entry.reason, 'courier-refused');
    assert.match(entry.detail!, /deleted-since: it left service here on .*scrap/);
    const { registration_id } = sender.ledger.devices.get(entry.device_id)!;
    assert.equal(await dps.connect().get(registration_id), undefined);
    assert.ok((await ledgerHolds(sender)) && (await ledgerHolds(receiver)));
  });

  it('H6 refuses what is a clone here, and brings the reason back', async () => {
    harvest(receiver, 'twin', 'SN-twin-1');
    await sync(receiver);
    harvest(sender, 'twin', 'SN-twin-2');
    const bundle = line.file();
    await pack(sender, bundle);
    assert.deepEqual(
      (await unpack(receiver, bundle)).refused.map(({ code }) => code),
      ['clone'],
    );
    const receipt = line.file();
    await writeBack(receiver, receipt);
    await takeBack(sender, receipt);
    const details = sender.ledger.outbox.list({ state: 'quarantined', limit: 9 }).map(({ detail }) => detail);
    assert.ok(
      details.some(detail => detail?.includes('clone: the ledger has SN-twin-1')),
      `${details}`,
    );

    // The label was wrong at the other one: it leaves, and this one is sent after all, as a new entry.
    deleteDevice(receiver, 'SN-twin-1', { who: at.there, reason: 'label was wrong' });
    await sync(receiver);
    const { entry_id: entryId } = sender.ledger.outbox
      .list({ state: 'quarantined', limit: 9 })
      .find(({ detail }) => detail?.includes('clone'))!;
    resolveEntry(sender, { entryId, decision: 'cancel', reason: 'decided there' }, at.at);
    enableEnrollment(sender, 'SN-twin-2', { who: at.at, reason: 'decided there' });
    const after = line.file();
    await pack(sender, after);
    assert.deepEqual((await unpack(receiver, after)).refused, []);
    assert.equal((await sync(receiver)).enrolled, 1);
    const closing = line.file();
    await writeBack(receiver, closing);
    assert.equal((await takeBack(sender, closing)).counts.enrolled, 1);
    assert.ok((await ledgerHolds(sender)) && (await ledgerHolds(receiver)));
  });

  it('carries a delete behind its create, and a conflict of DPS back to be decided on', async () => {
    harvest(sender, 'short', 'SN-short');
    const elsewhere = line.online('elsewhere');
    harvest(elsewhere, 'theirs', 'SN-theirs');
    await sync(elsewhere);
    harvest(sender, 'theirs', 'SN-ours');
    await pack(sender, line.file());
    deleteDevice(sender, 'SN-short', { who: at.at, reason: 'scrap' });
    assert.ok(
      statesOf(sender).includes('delete queued'),
      'what was packed is not cancelled but deleted behind it',
    );
    const bundle = line.file();
    await pack(sender, bundle);
    assert.equal((await unpack(receiver, bundle)).counts.taken, 3);
    const report = await sync(receiver);
    assert.deepEqual([report.enrolled, report.changed, report.conflicts], [1, 1, 1]);
    const receipt = line.file();
    assert.deepEqual((await writeBack(receiver, receipt)).counts, {
      enrolled: 2,
      conflict: 1,
      refused: 0,
      waiting: 0,
    });
    const { counts } = await takeBack(sender, receipt);
    assert.deepEqual([counts.enrolled, counts.conflict], [2, 1]);
    const conflict = sender.ledger.outbox.list({ state: 'conflict', limit: 9 })[0]!;
    assert.equal(conflict.reason, 'clone-elsewhere');
    assert.match(conflict.detail!, /SN-theirs/);
    assert.equal(sender.ledger.devices.bySerial('SN-short', 'default'), undefined);
    assert.ok((await ledgerHolds(sender)) && (await ledgerHolds(receiver)));
  });

  describe('with a conflict that DPS answers', () => {
    const carry = async () => {
      const bundle = line.file();
      await pack(sender, bundle);
      const taken = await unpack(receiver, bundle);
      return { taken, report: await sync(receiver) };
    };
    const answer = async () => {
      const receipt = line.file();
      await writeBack(receiver, receipt);
      return takeBack(sender, receipt);
    };
    const inDps = async (key: string) => {
      const id = sender.ledger.devices.byEkSha256(keyDigest(key))!.registration_id;
      const record = await dps.connect().get(id);
      const { serial } = (record?.optionalDeviceInformation ?? {}) as { serial?: string };
      return record && [serial, record.provisioningStatus];
    };
    const open = ({ ledger }: TestCore) =>
      ledger.outbox
        .list({ limit: 999 })
        .filter(({ state, reason }) => !/enrolled|cancelled/.test(state) && reason !== 'courier-refused')
        .map(({ operation, state }) => `${operation} ${state}`);
    const conflictOf = (core: TestCore) => core.ledger.outbox.list({ state: 'conflict', limit: 9 }).at(-1)!;
    /** Enrolled under another serial by a station that no courier knows. */
    const takenElsewhere = async (key: string) => {
      const elsewhere = line.online(`elsewhere-${key}`);
      harvest(elsewhere, key, `SN-${key}-theirs`);
      await sync(elsewhere);
      harvest(sender, key, `SN-${key}`);
      assert.equal((await carry()).report.conflicts, 1);
      assert.equal((await answer()).counts.conflict, 1);
    };

    it('O2 O3 carries out at the receiver what is decided at the line', async () => {
      // What the test before left to be decided on.
      for (const core of [sender, receiver])
        core.ledger.transaction(() =>
          moveEntry(core, conflictOf(core), { event: 'cancel', because: 'tidied' }),
        );
      await takenElsewhere('there');
      resolveEntry(
        sender,
        { entryId: conflictOf(sender).entry_id, decision: 'replace', reason: 'ours' },
        at.at,
      );
      const { taken, report } = await carry();
      assert.deepEqual([taken.counts.taken, report.changed, open(receiver)], [1, 1, []]);
      assert.equal((await answer()).counts.enrolled, 1);
      assert.deepEqual([open(sender), await inDps('there')], [[], ['SN-there', 'enabled']]);
    });

    it('O2 O3 tells the line what was decided at the receiver', async () => {
      await takenElsewhere('here');
      resolveEntry(
        receiver,
        { entryId: conflictOf(receiver).entry_id, decision: 'replace', reason: 'ours' },
        at.there,
      );
      assert.equal((await answer()).counts.waiting, 1, 'not before DPS has it');
      assert.equal((await sync(receiver)).changed, 1);
      assert.equal((await answer()).counts.enrolled, 1);
      assert.deepEqual([open(sender), await inDps('here')], [[], ['SN-here', 'enabled']]);
    });

    it('O2 makes an enrollment again that went from DPS, before the change that found it gone', async () => {
      harvest(sender, 'went', 'SN-went');
      await carry();
      await answer();
      const service = dps.connect();
      const { registration_id: id } = sender.ledger.devices.byEkSha256(keyDigest('went'))!;
      await service.remove(id, String((await service.get(id))!.etag));
      disableEnrollment(sender, 'SN-went', { who: at.at, reason: 'on hold' });
      assert.equal((await carry()).report.conflicts, 1);
      assert.equal((await answer()).counts.conflict, 1);
      resolveEntry(
        sender,
        { entryId: conflictOf(sender).entry_id, decision: 'replace', reason: 'again' },
        at.at,
      );
      const { taken, report } = await carry();
      assert.deepEqual([taken.counts.taken, taken.counts.known, taken.refused], [1, 1, []]);
      assert.deepEqual([report.enrolled, report.changed], [1, 1]);
      assert.equal((await answer()).counts.enrolled, 2);
      assert.deepEqual([open(sender), open(receiver)], [[], []]);
      assert.deepEqual(await inDps('went'), ['SN-went', 'disabled']);
      assert.ok((await ledgerHolds(sender)) && (await ledgerHolds(receiver)));
    });
  });

  it('O2 compares with DPS what it enrolled for the line as its own', async () => {
    const { registration_id: id, device_id } = receiver.ledger.devices.bySerial('SN-5', 'default')!;
    const [create] = receiver.ledger.outbox.ofDevice(device_id);
    deleteDevice(receiver, 'SN-5', { who: at.there, reason: 'scrap' });
    await sync(receiver);
    await dps.connect().createMany([JSON.parse(create!.document)]);
    const nameless = receiver.ledger.devices.byEkSha256(keyDigest('both'))!.registration_id;
    const found: string[] = [];
    const onFinding = ({ kind, registrationId }: { kind: string; registrationId: string }) => {
      if (registrationId === id || registrationId === nameless) found.push(kind);
    };
    await reconcile(receiver, { account: 'os:test', onFinding });
    assert.deepEqual(found, ['not-deleted'], 'and the one without a serial is known by station and harvest');
  });

  it('O8 takes a split bundle by all of its parts only, in any order', async () => {
    for (const n of [101, 102, 103, 104]) harvest(sender, n, `SN-${n}`);
    const { files } = await pack(sender, line.file('split'), { maxBytes: 4096 });
    assert.ok(files.length > 2);
    const other = await pack(sender, line.file('other'), { maxBytes: 4096 });
    await assert.rejects(unpack(receiver, ...files.slice(1)), {
      code: 'courier-part-missing',
      message: /missing: 1$/,
    });
    await assert.rejects(unpack(receiver, ...files.slice(1), other.files[0]!), {
      code: 'courier-part-foreign',
    });
    const half = readFileSync(files[0]!).subarray(0, 3000);
    const cut = line.file('cut');
    writeFileSync(cut, half);
    await assert.rejects(unpack(receiver, cut, ...files.slice(1)), { code: 'courier-cut-short' });
    assert.equal((await unpack(receiver, ...files.toReversed(), files[0]!)).counts.taken, 4);
  });
});
