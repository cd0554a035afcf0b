/** What a station does not take from a stick, and who may change that (rules O7, O8, S1, S5). Nothing is recorded of it. */
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { sealLetter } from '../../../src/courier/letter.ts';
import { splitIntoParts } from '../../../src/courier/parts.ts';
import { resultLine } from '../../../src/courier/receipt-result.ts';
import { courierKey } from '../../../src/station/courier/courier-key.ts';
import { distrustPeer, trustPeer } from '../../../src/station/courier/peers.ts';
import { rotateKey } from '../../../src/station/log/rotate-key.ts';
import { bundleOf, entry, key as strangersKey } from '../../courier/letters.ts';
import { movedClock } from '../access/people-fixture.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import type { TestCore } from '../station-fixture.ts';
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

const dayMs = 86_400_000;

describe('a station and what a courier brings', () => {
  const line = new CourierLine();
  after(() => line.close());
  const clock = movedClock();
  let pairs = 0;
  /** A sender with one harvest and the receiver that it knows. */
  const both = (change: Parameters<CourierLine['offline']>[1] = {}) => {
    pairs += 1;
    const sender = line.offline(`sender-${pairs}`, { clock, ...change });
    const receiver = line.online(`receiver-${pairs}`, clock);
    const people = pair(sender, receiver);
    harvest(sender, `key-${pairs}`, `SN-${pairs}`);
    return { sender, receiver, ...people };
  };
  const nothingIn = (core: TestCore) =>
    assert.deepEqual([statesOf(core), core.ledger.counts.devices()], [[], 0]);

  it('S1 lists stations by a supervisor alone, one receiver at most, and takes bundles of those alone', async () => {
    const { sender, receiver, there } = both();
    const bundle = line.file();
    await pack(sender, bundle);
    const act = { who: there, reason: 'line closed' };
    const account = { proof: 'account', account: 'os:test' } as const;
    assert.throws(() => distrustPeer(receiver, sender.identity.stationId, { ...act, who: account }), {
      code: 'sign-in-needed',
    });
    distrustPeer(receiver, sender.identity.stationId, act);
    await assert.rejects(unpack(receiver, bundle), { code: 'courier-not-trusted' });
    nothingIn(receiver);
    assert.throws(() => trustPeer(receiver, `${strangersKey.verifierKey}x`, 'bundles', act), {
      code: 'courier-key-invalid',
    });
    assert.throws(() => trustPeer(receiver, receiver.identity.verifierKey, 'bundles', act), {
      code: 'courier-own',
    });
    trustPeer(receiver, sender.identity.verifierKey, 'receipts', act);
    assert.throws(() => trustPeer(receiver, sender.identity.verifierKey, 'bundles', act), {
      code: 'courier-station-known',
    });
    assert.throws(() => trustPeer(receiver, strangersKey.verifierKey, 'receipts', act), {
      code: 'courier-receiver-pinned',
    });
    trustPeer(receiver, strangersKey.verifierKey, 'bundles', act);
    await assert.rejects(
      unpack(receiver, bundle),
      { code: 'courier-not-trusted' },
      'its receipts, not its bundles',
    );
    await assert.rejects(unpack(sender, bundle), { code: 'courier-own' });
    await assert.rejects(takeBack(sender, bundle), { code: 'courier-kind' });
  });

  it('O8 takes no bundle of another DPS, and none is packed without one', async () => {
    const other = both({ dps: { host: 'other.example' } });
    await pack(other.sender, line.file());
    const scope = both({ dps: { host: line.host, idScope: '0neOther' } });
    for (const { sender, receiver } of [other, scope]) {
      const bundle = line.file();
      await pack(sender, bundle);
      await assert.rejects(unpack(receiver, bundle), { code: 'courier-other-dps' });
      nothingIn(receiver);
    }
    const none = both({ dps: {} });
    await assert.rejects(pack(none.sender, line.file()), { code: 'courier-no-target' });
  });

  it('O7 takes no bundle after its time, and says where a clock is not to be relied on', async () => {
    const { sender, receiver } = both();
    const bundle = line.file();
    await pack(sender, bundle, { validDays: 2 });
    clock.now += 2 * dayMs + 1;
    await assert.rejects(unpack(receiver, bundle), {
      code: 'courier-expired',
      message: /by this station's clock \(synced\)/,
    });
    nothingIn(receiver);
    clock.now -= 3 * dayMs;
    const taken = await unpack(receiver, bundle);
    assert.deepEqual(taken.notices, ['made-in-future']);
    clock.now += 9 * dayMs;
    assert.deepEqual(
      (await unpack(receiver, bundle)).notices,
      ['known'],
      'what was taken in time is known, not expired',
    );
    clock.now -= 8 * dayMs;
  });

  it('A2 follows an exchanged key, and takes no new log of a station before a supervisor says so', async () => {
    const { sender, receiver, at, there } = both({ env: { KEYLINE_MACHINE_ID: 'one' } });
    rotateKey(sender, { who: at, reason: 'yearly' });
    const first = line.file();
    await pack(sender, first);
    assert.equal((await unpack(receiver, first)).counts.taken, 1);
    assert.equal(receiver.ledger.courierPeers.all()[0]?.verifier_key, sender.identity.verifierKey);
    // The station wakes up on another machine: a new log with a new key.
    sender.close();
    const moved = line.offline(path.basename(sender.folder), {
      clock,
      env: { KEYLINE_MACHINE_ID: 'another' },
    });
    assert.notEqual(moved.identity.origin, receiver.ledger.courierPeers.all()[0]!.origin);
    const second = line.file();
    await pack(moved, second);
    await assert.rejects(unpack(receiver, second), { code: 'courier-new-log' });
    distrustPeer(receiver, moved.identity.stationId, { who: there, reason: 'new board' });
    trustPeer(receiver, moved.identity.verifierKey, 'bundles', { who: there, reason: 'new board' });
    assert.equal((await unpack(receiver, second)).counts.known, 1, 'its entries are those of before');
  });

  it('S5 keeps rehearsal and production apart, and one id to one content', async () => {
    const { receiver, there } = both();
    trustPeer(receiver, strangersKey.verifierKey, 'bundles', { who: there, reason: 'test' });
    const put = (letter: ReturnType<typeof bundleOf>) => {
      const file = line.file();
      writeFileSync(file, splitIntoParts({ kind: 'bundle', id: letter.id, bytes: letter.bytes })[0]!);
      return file;
    };
    const target = { host: line.host, idScope: line.idScope };
    const valid = {
      target,
      madeAt: new Date(clock.now).toISOString(),
      validUntil: new Date(clock.now + dayMs).toISOString(),
    };
    await assert.rejects(unpack(receiver, put(bundleOf([entry(1)], { ...valid, rehearsal: false }))), {
      code: 'courier-rehearsal',
    });
    const double = entry(1);
    await assert.rejects(unpack(receiver, put(bundleOf([double, double], valid))), {
      code: 'courier-malformed',
    });
    nothingIn(receiver);
    const letter = bundleOf([entry(1)], valid);
    await unpack(receiver, put(letter));
    const reused = bundleOf([entry(1)], { ...valid, bundleId: letter.id, sequence: 2 });
    await assert.rejects(unpack(receiver, put(reused)), { code: 'courier-id-reused' });
    const renamed = put(reused);
    const other = readFileSync(renamed, 'latin1').replace(
      letter.id,
      letter.id.replace(/^./, c => (c === '1' ? '2' : '1')),
    );
    writeFileSync(renamed, other, 'latin1');
    await assert.rejects(unpack(receiver, renamed), { code: 'courier-tampered' });
  });

  it('O2 closes nothing by a receipt that is not the receiver’s, of another bundle, or of another entry', async () => {
    const { sender, receiver, at } = both();
    const bundle = line.file();
    const packed = await pack(sender, bundle);
    await unpack(receiver, bundle);
    const forge = (change: object, entryId: string, by: TestCore = receiver) => {
      const receiptId = crypto.randomUUID();
      const letter = sealLetter(
        'receipt',
        {
          v: 1,
          keyline: '1.0.0',
          origin: by.identity.origin,
          receiptId,
          number: 1,
          bundle: {
            bundleId: packed.bundleId,
            sha256: packed.sha256,
            origin: sender.identity.origin,
            sequence: 1,
            ...change,
          },
          target: packed.target,
          madeAt: new Date(clock.now).toISOString(),
          clock: 'synced',
          rehearsal: true,
          verifierKey: by.identity.verifierKey,
          rotations: [],
        },
        [resultLine({ entryId, outcome: 'enrolled' })],
        by.identity.key,
      );
      const file = line.file();
      writeFileSync(file, splitIntoParts({ kind: 'receipt', id: receiptId, bytes: letter.bytes })[0]!);
      return file;
    };
    const entryId = sender.ledger.outbox.list({ limit: 1 })[0]!.entry_id;
    const foreign = { code: 'courier-receipt-foreign' };
    await assert.rejects(takeBack(sender, forge({ sha256: 'ab'.repeat(32) }, entryId)), foreign);
    await assert.rejects(takeBack(sender, forge({ bundleId: crypto.randomUUID() }, entryId)), foreign);
    await assert.rejects(takeBack(sender, forge({}, crypto.randomUUID())), {
      code: 'courier-receipt-unbound',
    });
    const stranger = line.online('stranger', clock);
    await assert.rejects(takeBack(sender, forge({}, entryId, stranger)), { code: 'courier-not-trusted' });
    assert.deepEqual(statesOf(sender), ['create queued']);
    distrustPeer(sender, receiver.identity.stationId, { who: at, reason: 'moved' });
    await assert.rejects(takeBack(sender, forge({}, entryId)), { code: 'courier-no-receiver' });
    trustPeer(sender, receiver.identity.verifierKey, 'receipts', { who: at, reason: 'back' });
    assert.equal((await takeBack(sender, forge({}, entryId))).counts.enrolled, 1);
    assert.ok(await ledgerHolds(sender));
    await assert.rejects(writeBack(receiver, line.file(), crypto.randomUUID()), {
      code: 'courier-bundle-unknown',
    });
  });

  it('S2 encrypts for the receiver where the station is told to, and needs its key to read it', async () => {
    const keeper = line.online('keeper', clock);
    const { recipient } = await courierKey(keeper);
    assert.equal((await courierKey(keeper)).recipient, recipient, 'the one that was made first stays');
    const { sender, receiver, at } = both({ courier: { recipient } });
    distrustPeer(sender, receiver.identity.stationId, { who: at, reason: 'moved' });
    trustPeer(sender, keeper.identity.verifierKey, 'receipts', { who: at, reason: 'moved' });
    trustPeer(keeper, sender.identity.verifierKey, 'bundles', {
      who: enterSupervisor(keeper),
      reason: 'line 7',
    });
    const bundle = line.file();
    assert.equal((await pack(sender, bundle)).encrypted, true);
    assert.equal(readFileSync(bundle).includes(sender.identity.stationId), false);
    await assert.rejects(unpack(receiver, bundle), { code: 'courier-encrypted' });
    assert.equal((await unpack(keeper, bundle)).counts.taken, 1);
  });

  it('S4 leaves no half bundle, writes nothing over the station, and looks at no more than a bundle can have', async () => {
    const { sender, receiver } = both();
    await assert.rejects(pack(sender, path.join(sender.folder, 'ledger.sqlite')), {
      code: 'export-over-station',
    });
    await assert.rejects(pack(sender, path.join(line.stick, 'no', 'folder')), { code: 'export-unwritable' });
    await assert.rejects(pack(sender, line.file(), { maxBytes: 100 }), { code: 'courier-part-size' });
    assert.deepEqual(
      readdirSync(line.stick).filter(name => name.endsWith('.part')),
      [],
    );
    await assert.rejects(unpack(receiver, '/dev/zero'), { code: 'courier-unreadable' });
    await assert.rejects(unpack(receiver, line.stick), { code: 'courier-unreadable' });
    const bundle = line.file();
    await pack(sender, bundle);
    const copy = line.file('a name with ../ in it'.replaceAll('/', '_'));
    copyFileSync(bundle, copy);
    assert.equal((await unpack(receiver, copy)).counts.taken, 1, 'names of files mean nothing');
  });
});
