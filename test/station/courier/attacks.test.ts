/**
 * Stations that went back to an earlier state, two receivers, wrong clocks, exchanged keys, and a station on the list that
 * means no good (rules A1, A2, O2, O7, O8, H6): what each can cost, and what is said of it.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import type { BundleEntry } from '../../../src/courier/bundle-entry.ts';
import { splitIntoParts } from '../../../src/courier/parts.ts';
import { archiveWorkOrder } from '../../../src/station/archive/archive-work-order.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { makeBackup } from '../../../src/station/backup/make-backup.ts';
import { restoreStation } from '../../../src/station/backup/restore-station.ts';
import type { StationClock } from '../../../src/station/clock/station-clock.ts';
import { distrustPeer, trustPeer } from '../../../src/station/courier/peers.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { rotateKey } from '../../../src/station/log/rotate-key.ts';
import { moveEntry } from '../../../src/station/queue/move-entry.ts';
import { closeWorkOrder, openWorkOrder } from '../../../src/station/work-orders.ts';
import { bundleOf, entry, key as strangersKey } from '../../courier/letters.ts';
import { movedClock } from '../access/people-fixture.ts';
import { keyDigest } from '../attempt/endorsement-keys.ts';
import { readAttempt, type TestCore } from '../station-fixture.ts';
import {
  CourierLine,
  harvest,
  ledgerHolds,
  pack,
  pair,
  statesOf,
  takeBack,
  unpack,
  writeBack,
} from './courier-fixture.ts';

const env = { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' };

describe('a courier between stations of which one is wrong', () => {
  const line = new CourierLine();
  after(() => line.close());
  const clock = movedClock();
  const at = (now: number): StationClock => ({
    read: () => ({ at: now, bootId: 'boot', monotonicMs: 1, clock: 'unsynced' }),
  });
  const carry = async (from: TestCore, to: TestCore) => {
    clock.now += 1000;
    const bundle = line.file();
    await pack(from, bundle);
    return { bundle, taken: await unpack(to, bundle) };
  };
  const answer = async (from: TestCore, to: TestCore, bundleId?: string) => {
    const receipt = line.file();
    await writeBack(from, receipt, bundleId);
    return takeBack(to, receipt);
  };
  /** As if DPS had acknowledged all that waits. */
  const enrolAll = (core: TestCore) =>
    core.ledger.transaction(() => {
      for (
        let row = core.ledger.outbox.due(1, clock.now)[0];
        row;
        row = core.ledger.outbox.due(1, clock.now)[0]
      ) {
        moveEntry(core, row, { event: 'take', at: clock.now });
        moveEntry(core, core.ledger.outbox.get(row.entry_id)!, {
          event: 'enrol',
          how: 'acknowledged',
          dpsHost: line.host,
        });
      }
    });

  it('H6 O2 gives no station power over a device by naming its harvest', async () => {
    const receiver = line.online('r-naming', clock);
    const { there } = pair(line.offline('s-naming', { clock }), receiver);
    trustPeer(receiver, strangersKey.verifierKey, 'bundles', { who: there, reason: 'line 8' });
    harvest(receiver, 'own', 'SN-own');
    enrolAll(receiver);
    const own = receiver.ledger.devices.byEkSha256(keyDigest('own'))!;
    const put = async (number: number, ...entries: BundleEntry[]) => {
      clock.now += 1000;
      const letter = bundleOf(entries, {
        sequence: number,
        target: { host: line.host, idScope: line.idScope },
        madeAt: new Date(clock.now).toISOString(),
        validUntil: new Date(clock.now + 86_400_000).toISOString(),
      });
      const file = line.file();
      writeFileSync(file, splitIntoParts({ kind: 'bundle', id: letter.id, bytes: letter.bytes })[0]!);
      return unpack(receiver, file);
    };
    const { harvest_id: harvestId, registration_id: registrationId } = own;
    const attestation = {
      type: 'tpm',
      tpm: { endorsementKey: own.endorsement_key.toString('base64') },
    } as const;
    const naming = (of: BundleEntry): BundleEntry => {
      const { evidence: _, ...rest } = of;
      const from = { serial: of.serial!, stationId: 'station-aa', harvestId };
      return { ...rest, harvestId, document: { ...of.document, optionalDeviceInformation: from } };
    };
    const base = entry(1);
    // Another key under the harvest of the receiver's own device, its own key again, and a change of its own that names it.
    const same: BundleEntry = { ...naming({ ...base, serial: 'SN-own' }), entryId: crypto.randomUUID() };
    same.document.registrationId = registrationId;
    same.document.attestation = attestation;
    const change: BundleEntry = {
      ...naming(base),
      entryId: crypto.randomUUID(),
      operation: 'disable',
      document: {
        ...base.document,
        optionalDeviceInformation: { serial: 'SN-1' },
        provisioningStatus: 'disabled',
      },
    };
    const told = await put(1, base, naming(entry(2)), same, change);
    assert.deepEqual(told.counts, { taken: 2, known: 0, 'already-here': 1, refused: 1 });
    assert.deepEqual(
      told.refused.map(({ code }) => code),
      ['harvest-known'],
    );
    const strike: BundleEntry = { ...same, entryId: crypto.randomUUID(), operation: 'delete' };
    const struck = await put(2, entry(3), strike);
    assert.deepEqual(
      struck.refused.map(({ code }) => code),
      ['device-of-another'],
    );
    assert.equal(receiver.ledger.devices.byEkSha256(keyDigest('own'))?.retired_at, null);
    assert.equal(
      receiver.ledger.courierTaken.stationOfHarvest(harvestId),
      undefined,
      'and its enrollment is its own',
    );
  });

  it('O8 O2 lets one receiver alone take a bundle, and another one’s receipts count anew', async () => {
    const [sender, one, two] = [
      line.offline('s-two', { clock }),
      line.online('r-one', clock),
      line.online('r-two', clock),
    ];
    const { at: who, there } = pair(sender, one);
    distrustPeer(sender, one.identity.stationId, { who, reason: 'not yet' });
    const second = pair(line.offline('s-other', { clock }), two).there;
    trustPeer(two, sender.identity.verifierKey, 'bundles', { who: second, reason: 'line 7' });
    harvest(sender, 'two', 'SN-two');
    const open = line.file();
    const { bundleId } = await pack(sender, open);
    await unpack(one, open);
    await unpack(two, open);
    trustPeer(sender, one.identity.verifierKey, 'receipts', { who, reason: 'this one' });
    for (const number of [1, 2, 3]) assert.equal((await answer(one, sender, bundleId)).number, number);
    const bound = line.file();
    await pack(sender, bound);
    await assert.rejects(unpack(two, bound), { code: 'courier-other-receiver' });
    const foreign = line.file();
    await writeBack(two, foreign, bundleId);
    await assert.rejects(takeBack(sender, foreign), { code: 'courier-not-trusted' });
    // The first one is gone for good.
    distrustPeer(sender, one.identity.stationId, { who, reason: 'broken' });
    trustPeer(sender, two.identity.verifierKey, 'receipts', { who, reason: 'its place' });
    deleteDevice(two, 'SN-two', { who: second, reason: 'scrap' });
    const closed = await answer(two, sender, bundleId);
    assert.deepEqual([closed.number, closed.older, closed.counts.refused], [2, false, 1]);
    assert.ok(there);
  });

  it('A1 goes on with a sender that was restored, and names one that went back unseen', async () => {
    const [sender, receiver] = [line.offline('s-back', { clock }), line.online('r-back', clock)];
    const { there } = pair(sender, receiver);
    harvest(sender, 'before', 'SN-before');
    const { bundle } = await carry(sender, receiver);
    const folder = line.file('backups');
    mkdirSync(folder);
    const { folder: backup } = await makeBackup(sender, { folder });
    harvest(sender, 'after', 'SN-after');
    const copy = line.file('copy');
    sender.close();
    cpSync(sender.folder, copy, { recursive: true });

    // By hand, with all that knows better: its next bundle has a number that was used.
    const seen = line.offline('s-back', { clock });
    await carry(seen, receiver);
    seen.close();
    rmSync(seen.folder, { recursive: true });
    cpSync(copy, seen.folder, { recursive: true });
    const unseen = line.offline('s-back', { clock });
    const second = await carry(unseen, receiver);
    assert.deepEqual(
      second.taken.notices.filter(each => each !== 'clock-unsynced'),
      ['number-again'],
    );
    assert.equal(second.taken.counts.known, 2);
    unseen.close();

    // As it should be: in a new log, which a supervisor must put on the list.
    await restoreStation({ dataDirectory: sender.folder, backup, setAsideIntact: true, env });
    const restored = line.offline('s-back', { clock });
    harvest(restored, 'after', 'SN-after');
    const third = line.file();
    clock.now += 1000;
    assert.equal((await pack(restored, third)).sequence, 1);
    await assert.rejects(unpack(receiver, third), { code: 'courier-new-log' });
    distrustPeer(receiver, restored.identity.stationId, { who: there, reason: 'new disk' });
    trustPeer(receiver, restored.identity.verifierKey, 'bundles', { who: there, reason: 'new disk' });
    const { counts, refused } = await unpack(receiver, third);
    assert.deepEqual([counts.known, counts['already-here'], refused], [1, 1, []], 'no device is made twice');
    await assert.rejects(
      unpack(receiver, bundle),
      { code: 'courier-new-log' },
      'nothing of the old log any more',
    );
    enrolAll(receiver);
    assert.equal((await answer(receiver, restored)).counts.enrolled, 2);
    // What was harvested again belongs to the station still.
    const act = { who: { proof: 'pin', personId: 'person-mina' }, reason: 'scrap' } as const;
    deleteDevice(restored, 'SN-after', act);
    assert.deepEqual((await carry(restored, receiver)).taken.refused, []);
    assert.ok((await ledgerHolds(restored)) && (await ledgerHolds(receiver)));
  });

  it('O2 goes on with a receiver that was restored: what it forgot is taken and answered again', async () => {
    const [sender, receiver] = [line.offline('s-forgot', { clock }), line.online('r-forgot', clock)];
    const { at: who } = pair(sender, receiver);
    harvest(sender, 'kept', 'SN-kept');
    const first = await carry(sender, receiver);
    const folder = line.file('backups');
    mkdirSync(folder);
    const { folder: backup } = await makeBackup(receiver, { folder });
    harvest(sender, 'forgot', 'SN-forgot');
    const second = await carry(sender, receiver);
    for (const number of [1, 2]) assert.equal((await answer(receiver, sender)).number, number);
    receiver.close();
    await restoreStation({ dataDirectory: receiver.folder, backup, setAsideIntact: true, env });
    const restored = line.online('r-forgot', clock);
    // Bundles name the station, not its log, so those that are on their way are taken.
    assert.equal((await unpack(restored, first.bundle)).counts.known, 1);
    const again = await unpack(restored, second.bundle);
    assert.deepEqual([again.counts.known, again.counts.taken], [1, 1]);
    await assert.rejects(answer(restored, sender), { code: 'courier-new-log' });
    distrustPeer(sender, restored.identity.stationId, { who, reason: 'restored' });
    trustPeer(sender, restored.identity.verifierKey, 'receipts', { who, reason: 'restored' });
    enrolAll(restored);
    // What was in its outbox is asked about first: DPS may have it.
    const closed = await answer(restored, sender);
    assert.deepEqual([closed.number, closed.older], [2, false], 'the first one was not taken');
    assert.deepEqual([closed.counts.enrolled, closed.counts.waiting], [1, 1]);
    assert.ok((await ledgerHolds(sender)) && (await ledgerHolds(restored)));
  });

  it('A2 closes by a receipt whatever keys were exchanged meanwhile, at either end', async () => {
    const [sender, receiver] = [line.offline('s-keys', { clock }), line.online('r-keys', clock)];
    const { at: who, there } = pair(sender, receiver);
    harvest(sender, 'keys', 'SN-keys');
    const { bundle } = await carry(sender, receiver);
    rotateKey(sender, { who, reason: 'yearly' });
    rotateKey(receiver, { who: there, reason: 'yearly' });
    enrolAll(receiver);
    assert.equal((await answer(receiver, sender)).counts.enrolled, 1);
    harvest(sender, 'keys-2', 'SN-keys-2');
    assert.equal((await carry(sender, receiver)).taken.counts.taken, 1);
    await assert.rejects(
      unpack(receiver, bundle),
      { code: 'courier-other-key' },
      'the old key signs nothing any more',
    );
  });

  it('O7 O2 makes nothing again that was deleted, whatever clock a bundle was packed by', async () => {
    const receiver = line.online('r-clock', clock);
    const sender = line.offline('s-clock', { clock: at(clock.now + 400 * 86_400_000) });
    const { there } = pair(sender, receiver);
    for (const name of ['here', 'new']) harvest(sender, `clock-${name}`, `SN-clock-${name}`);
    const bundle = line.file();
    await pack(sender, bundle);
    harvest(receiver, 'clock-here', 'SN-clock-here');
    deleteDevice(receiver, 'SN-clock-here', { who: there, reason: 'scrap' });
    const taken = await unpack(receiver, bundle);
    assert.ok(taken.notices.includes('made-in-future'));
    assert.deepEqual(
      taken.refused.map(({ code }) => code),
      ['deleted-since'],
    );
    assert.equal(taken.counts.taken, 1, 'what never was here is taken');
    const slow = line.offline('s-slow', { clock: at(clock.now - 400 * 86_400_000) });
    trustPeer(receiver, slow.identity.verifierKey, 'bundles', { who: there, reason: 'line 9' });
    harvest(slow, 'slow', 'SN-slow');
    const late = line.file();
    await pack(slow, late);
    await assert.rejects(unpack(receiver, late), { code: 'courier-expired', message: /\(synced\)/ });
  });

  it('O2 goes on where an unpack, or the taking of a receipt, was ended in the middle', async t => {
    const [sender, receiver] = [line.offline('s-killed', { clock }), line.online('r-killed', clock)];
    pair(sender, receiver);
    const count = 210;
    for (let n = 1; n <= count; n += 1) harvest(sender, `killed-${n}`, `SN-killed-${n}`);
    const bundle = line.file();
    const { bundleId } = await pack(sender, bundle);
    /** The process ends before its second transaction. */
    const ended = async (core: TestCore, work: () => Promise<unknown>) => {
      const whole = core.ledger.transaction.bind(core.ledger);
      let begun = 0;
      const mocked = t.mock.method(core.ledger, 'transaction', ((each: () => never) => {
        begun += 1;
        if (begun > 1) throw new Error('killed');
        return whole(each);
      }) as never);
      await assert.rejects(work(), /killed/);
      mocked.mock.restore();
    };
    await ended(receiver, () => unpack(receiver, bundle));
    assert.deepEqual(
      [receiver.ledger.counts.devices(), receiver.ledger.courierTaken.get(bundleId)],
      [100, undefined],
    );
    await assert.rejects(writeBack(receiver, line.file()), { code: 'courier-bundle-unknown' });
    const { counts, notices } = await unpack(receiver, bundle);
    assert.deepEqual([counts.known, counts.taken, notices.includes('known')], [100, count - 100, false]);
    enrolAll(receiver);
    const receipt = line.file();
    await writeBack(receiver, receipt);
    await ended(sender, () => takeBack(sender, receipt));
    assert.equal(sender.ledger.counts.outbox().enrolled, 200);
    const closed = await takeBack(sender, receipt);
    assert.deepEqual(
      [closed.counts['closed-before'], closed.counts.enrolled, closed.older],
      [200, count - 200, false],
    );
    assert.ok((await ledgerHolds(sender)) && (await ledgerHolds(receiver)));
  });

  it('A1 deletes by courier what rests in an archive at the line', async () => {
    const [sender, receiver] = [line.offline('s-archive', { clock }), line.online('r-archive', clock)];
    const { at: who } = pair(sender, receiver);
    const owner = { proof: 'account', account: 'os:test' } as const;
    openWorkOrder(sender, { id: 'WO-old', quantity: 1 }, owner);
    recordAttempt(sender, readAttempt('old', 'SN-old', { workOrder: 'WO-old' }));
    await carry(sender, receiver);
    enrolAll(receiver);
    assert.equal((await answer(receiver, sender)).counts.enrolled, 1);
    closeWorkOrder(sender, 'WO-old', owner);
    const folder = line.file('archives');
    mkdirSync(folder);
    const act = { who, reason: 'a year old' };
    const { letGo } = await archiveWorkOrder(sender, { workOrder: 'WO-old', folder, acceptDebt: true, act });
    assert.ok(letGo > 0);
    deleteDevice(sender, 'SN-old', { who, reason: 'scrap' });
    const { taken } = await carry(sender, receiver);
    assert.deepEqual([taken.counts.taken, taken.refused], [1, []]);
    enrolAll(receiver);
    assert.equal((await answer(receiver, sender)).counts.enrolled, 1);
  });

  it('takes what an import brought to the line, and a lot whose order is closed here', async () => {
    const [sender, receiver] = [line.offline('s-lot', { clock }), line.online('r-lot', clock)];
    pair(sender, receiver);
    const { finding } = readAttempt('imported', null);
    assert.ok(finding.outcome === 'read');
    const source = { form: 'csv', sha256: 'ab'.repeat(32) };
    recordAttempt(sender, {
      ...readAttempt('imported', 'SN-imported', { workOrder: 'WO-9', fixture: null, bridge: null }),
      finding: {
        outcome: 'imported',
        key: finding.key,
        statedRegistrationId: null,
        source,
        warnings: [],
      } as never,
    });
    const owner = { proof: 'account', account: 'os:test' } as const;
    openWorkOrder(receiver, { id: 'WO-9', quantity: 1 }, owner);
    closeWorkOrder(receiver, 'WO-9', owner);
    const { taken } = await carry(sender, receiver);
    assert.deepEqual([taken.counts.taken, taken.refused], [1, []]);
    assert.deepEqual(statesOf(receiver), ['create queued']);
  });
});
