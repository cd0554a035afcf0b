/**
 * What people decide at either station while a courier is on its way, and what of it the other one hears (rules H6, O2, O3,
 * O4, O8). DPS's answers are put into the outbox by hand; what DPS itself then has is in journey.test.ts.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import type { OutboxRow } from '../../../db/rows.ts';
import { recognise } from '../../../src/outbox/recognise.ts';
import { resolveEntry } from '../../../src/station/conflict-desk/resolve-entry.ts';
import { enableEnrollment } from '../../../src/station/devices/change-enrollment.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { readEntry } from '../../../src/station/drain/outbox-store.ts';
import { overruleAttempt } from '../../../src/station/overruling/overrule-attempt.ts';
import { cancelEntries } from '../../../src/station/queue/cancel-entry.ts';
import { type EntryMove, moveEntry } from '../../../src/station/queue/move-entry.ts';
import { queueEntry } from '../../../src/station/queue/queue-entry.ts';
import { movedClock } from '../access/people-fixture.ts';
import { keyDigest } from '../attempt/endorsement-keys.ts';
import { entriesOf, type TestCore } from '../station-fixture.ts';
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

describe('what people decide while a courier is on its way', () => {
  const line = new CourierLine();
  after(() => line.close());
  const clock = movedClock();
  const sender = line.offline('sender', { clock });
  const receiver = line.online('receiver', clock);
  const { at, there } = pair(sender, receiver);
  const rowOf = (core: TestCore, key: string, operation = 'create') => {
    const device = core.ledger.devices.byEkSha256(keyDigest(key))!;
    return core.ledger.outbox.ofDevice(device.device_id).findLast(row => row.operation === operation)!;
  };
  const move = (core: TestCore, key: string, ...moves: EntryMove[]) =>
    core.ledger.transaction(() => {
      for (const each of moves) assert.ok(moveEntry(core, rowOf(core, key), each), each.event);
    });
  const take = { event: 'take', at: clock.now } as const;
  /** Everything that is open, to the other station. */
  const carry = async () => {
    clock.now += 1000;
    const bundle = line.file();
    const packed = await pack(sender, bundle);
    clock.now += 1000;
    return { packed, taken: await unpack(receiver, bundle) };
  };
  const answer = async () => {
    const receipt = line.file();
    const written = await writeBack(receiver, receipt);
    return { written, closed: await takeBack(sender, receipt) };
  };
  const relabel = (key: string, serial: string, reason: string) => {
    const { code } = harvest(sender, key, serial);
    assert.equal(code, 'clone');
    const { harvest_id: harvestId } = sender.ledger.harvests.ofSerial(serial)[0]!;
    overruleAttempt(sender, { harvestId, overruling: 'relabel' }, { who: at, reason });
  };

  it('O4 carries a device that was relabelled after it was packed, its reason and serial as long as they may be', async () => {
    harvest(sender, 'long', 'SN-long');
    await pack(sender, line.file());
    const serial = `SN-${'9'.repeat(125)}`;
    relabel('long', serial, 'r'.repeat(200));
    assert.equal(
      sender.ledger.outbox.list({ limit: 99 }).find(({ operation }) => operation === 'delete')?.because
        ?.length,
      `relabelled as ${serial}: `.length + 200,
    );
    const { packed, taken } = await carry();
    assert.deepEqual([packed.unreadable, packed.held, taken.refused], [[], 0, []]);
    assert.equal(taken.counts.taken, 3);
    assert.deepEqual(statesOf(receiver), ['create queued', 'delete queued', 'create queued']);
    assert.equal(receiver.ledger.devices.byEkSha256(keyDigest('long'))?.serial, serial);
    const gone = receiver.ledger.outbox.list({ limit: 99 })[1]!;
    assert.equal(receiver.ledger.devices.get(gone.device_id)?.retired_reason, gone.because);
  });

  it('H6 O2 takes no create whose delete was refused', async () => {
    harvest(sender, 'twice', 'SN-twice');
    await carry();
    deleteDevice(receiver, 'SN-twice', { who: there, reason: 'scrap' });
    relabel('twice', 'SN-twice-b', 'label was swapped');
    const { taken } = await carry();
    assert.deepEqual(
      taken.refused.map(({ code, serial }) => [code, serial]),
      [
        ['device-unknown', 'SN-twice'],
        ['waits-for-refused', 'SN-twice-b'],
      ],
    );
    assert.equal(receiver.ledger.devices.byEkSha256(keyDigest('twice')), undefined);
    assert.equal(
      (await answer()).closed.counts.refused,
      3,
      'the first create, too: it was cancelled there, never sent',
    );
  });

  it('O3 says of nothing that it is refused that DPS may hold', async () => {
    harvest(sender, 'lost', 'SN-lost');
    harvest(sender, 'bad', 'SN-bad');
    await carry();
    // Sent once, and no answer told whether DPS has it.
    move(receiver, 'lost', take, { event: 'quarantine', reason: 'unreadable', detail: 'damaged' });
    move(receiver, 'bad', take, {
      event: 'quarantine',
      reason: 'rejected-by-dps',
      detail: '400: "no" such\nhub',
    });
    const { written, closed } = await answer();
    assert.deepEqual([written.counts.refused, closed.counts.refused], [1, 1]);
    assert.equal(rowOf(sender, 'lost').state, 'queued', 'it waits, so nobody can cancel it');
    const bad = rowOf(sender, 'bad');
    assert.deepEqual([bad.state, bad.reason], ['quarantined', 'courier-refused']);
    assert.equal(JSON.parse(bad.detail!), 'rejected-by-dps: 400: "no" such\nhub', 'as it was said there');

    harvest(sender, 'both', 'SN-both');
    harvest(receiver, 'both', 'SN-other');
    const { taken } = await carry();
    assert.ok(taken.refused.some(({ code }) => code === 'clone'));
    // Meanwhile the sender found a network; the reply was lost.
    move(sender, 'both', take);
    await answer();
    assert.equal(rowOf(sender, 'both').state, 'sending', 'only DPS can tell');
    move(sender, 'both', { event: 'requeue', notBefore: 0, detail: 'DPS has nothing' });
    await answer();
    assert.equal(rowOf(sender, 'both').reason, 'courier-refused');
  });

  it('O2 sends again what a person enables at the line, though it was cancelled or in conflict here', async () => {
    for (const key of ['cancelled', 'disputed']) harvest(sender, key, `SN-${key}`);
    await carry();
    cancelEntries(receiver, [rowOf(receiver, 'cancelled').entry_id], { who: there, reason: 'not yet' });
    move(receiver, 'disputed', take, { event: 'find-conflict', reason: 'unknown-origin', theirs: {} });
    const { closed } = await answer();
    assert.deepEqual([closed.counts.refused, closed.counts.conflict], [1, 1]);
    for (const key of ['cancelled', 'disputed']) {
      const { entry_id: entryId } = rowOf(sender, key);
      resolveEntry(sender, { entryId, decision: 'cancel', reason: 'settled' }, at);
      enableEnrollment(sender, `SN-${key}`, { who: at, reason: 'settled' });
    }
    const { taken } = await carry();
    assert.deepEqual([taken.counts['already-here'], taken.refused], [1, []]);
    for (const key of ['cancelled', 'disputed']) {
      assert.equal(rowOf(receiver, key).state, 'queued');
      move(receiver, key, take, { event: 'enrol', how: 'acknowledged', dpsHost: line.host });
    }
    await answer();
    for (const key of ['cancelled', 'disputed']) assert.equal(rowOf(sender, key).state, 'enrolled');
  });

  it('O2 O3 recognises what it sends again of a device without a serial that was harvested anew at the line, also when it is deleted', async () => {
    harvest(sender, 'anew', null);
    await carry();
    cancelEntries(receiver, [rowOf(receiver, 'anew').entry_id], { who: there, reason: 'not yet' });
    await answer();
    resolveEntry(
      sender,
      { entryId: rowOf(sender, 'anew').entry_id, decision: 'cancel', reason: 'scrap' },
      at,
    );
    const { device_id: first } = sender.ledger.devices.byEkSha256(keyDigest('anew'))!;
    deleteDevice(sender, first, { who: at, reason: 'scrap' });
    harvest(sender, 'anew', null);
    const { harvest_id: again } = rowOf(sender, 'anew');
    const { taken } = await carry();
    assert.deepEqual([taken.counts.taken, taken.refused], [1, []]);
    const sent = rowOf(receiver, 'anew');
    const entry = readEntry(receiver, sent, 1);
    assert.ok(entry.kind === 'entry' && entry.entry.harvestId === again);
    assert.deepEqual(recognise(entry.entry, JSON.parse(sent.document)), {
      kind: 'enrolled',
      how: 'recognised',
    });
    assert.equal(receiver.ledger.harvests.get(again)?.verdict, 'retest');
    move(receiver, 'anew', take, { event: 'enrol', how: 'acknowledged', dpsHost: line.host });
    const { device_id: brought } = receiver.ledger.devices.byEkSha256(keyDigest('anew'))!;
    deleteDevice(receiver, brought, { who: there, reason: 'scrap' });
    const deletion = receiver.ledger.outbox.ofDevice(brought).at(-1)!;
    assert.deepEqual([deletion.operation, deletion.harvest_id], ['delete', again]);
    await answer();
  });

  it('O2 enables what was brought and cancelled here with the name of the station that harvested it', async () => {
    harvest(sender, 'there', 'SN-there');
    await carry();
    cancelEntries(receiver, [rowOf(receiver, 'there').entry_id], { who: there, reason: 'not yet' });
    enableEnrollment(receiver, 'SN-there', { who: there, reason: 'settled' });
    const sent = rowOf(receiver, 'there');
    const entry = readEntry(receiver, sent, 1);
    assert.ok(entry.kind === 'entry');
    assert.equal(entry.entry.stationId, sender.identity.stationId);
    assert.equal(recognise({ ...entry.entry, serial: null }, JSON.parse(sent.document)).kind, 'enrolled');
    // And the courier ends here: what it brought is sent from here, and a second one does not carry it on.
    harvest(receiver, 'own', 'SN-own');
    const packed = await pack(receiver, line.file());
    assert.ok(packed.entries > 0 && packed.brought > 0);
    assert.deepEqual(packed.unreadable, []);
    const isOwn = ({ harvest_id }: OutboxRow) => !receiver.ledger.courierTaken.stationOfHarvest(harvest_id);
    for (const row of receiver.ledger.outbox.list({ state: 'queued', limit: 99 }).filter(isOwn))
      receiver.ledger.transaction(
        () => void moveEntry(receiver, row, { event: 'quarantine', reason: 'rejected-by-dps', detail: 'x' }),
      );
    await assert.rejects(pack(receiver, line.file()), {
      code: 'courier-nothing-to-pack',
      message: /: \d+ of another station$/,
    });
    cancelEntries(receiver, [sent.entry_id], { who: there, reason: 'tidied' });
    await answer();
  });

  it('O3 writes a receipt whatever stands in its own rows', async () => {
    harvest(sender, 'half', 'SN-half');
    harvest(sender, 'torn', 'SN-torn');
    await carry();
    const theirs = { registrationId: 'x', note: '\ud800' };
    move(receiver, 'half', take, { event: 'find-conflict', reason: 'unknown-origin', theirs });
    move(receiver, 'torn', take, { event: 'quarantine', reason: 'rejected-by-dps', detail: 'x' });
    const { entry_id } = rowOf(receiver, 'torn');
    const db = new Database(path.join(receiver.folder, 'ledger.sqlite'));
    db.prepare(`UPDATE outbox SET detail = '{' WHERE entry_id = ?`).run(entry_id);
    db.close();
    const { closed } = await answer();
    assert.deepEqual([closed.counts.conflict, closed.counts.refused], [1, 1]);
    assert.equal(rowOf(sender, 'half').detail, '{}', 'the reason without a record that nothing can sign');
    assert.equal(JSON.parse(rowOf(sender, 'torn').detail!), 'rejected-by-dps: {');
  });

  it('O8 names the DPS that enrolled, also where the receiver is set to another one by now', async () => {
    harvest(sender, 'moved', 'SN-moved');
    await carry();
    move(receiver, 'moved', take, { event: 'enrol', how: 'acknowledged', dpsHost: line.host });
    receiver.close();
    writeFileSync(
      path.join(receiver.folder, 'keyline.json'),
      JSON.stringify({ dps: { host: 'other.example' } }),
    );
    const elsewhere = line.offline('receiver', { clock, dps: { host: 'other.example' } });
    const receipt = line.file();
    await writeBack(elsewhere, receipt);
    await takeBack(sender, receipt);
    elsewhere.close();
    const told = entriesOf(sender).findLast(({ data }) => data.change === 'enrolled');
    assert.deepEqual([told?.data.how, told?.data.dpsHost], ['courier-receipt', line.host]);
    assert.ok(await ledgerHolds(sender));
  });

  it('O4 packs what it can read: nothing behind an entry that is damaged or that a person must decide on', async () => {
    const station = line.offline('damaged', { clock });
    for (const key of ['shape', 'number', 'stopped', 'good']) harvest(station, `d-${key}`, `SN-d-${key}`);
    const disable = (key: string) =>
      station.ledger.transaction(() => {
        const device = station.ledger.devices.byEkSha256(keyDigest(`d-${key}`))!;
        const document = {
          registrationId: device.registration_id,
          attestation: { type: 'tpm', tpm: { endorsementKey: device.endorsement_key.toString('base64') } },
          provisioningStatus: 'disabled',
        };
        return queueEntry(station, { device, operation: 'disable', document }).entry_id;
      });
    for (const key of ['shape', 'number', 'stopped', 'good']) disable(key);
    const db = new Database(path.join(station.folder, 'ledger.sqlite'));
    const spoil = (key: string, change: (document: string) => string) => {
      const { entry_id, document } = rowOf(station, `d-${key}`);
      db.prepare('UPDATE outbox SET document = ? WHERE entry_id = ?').run(change(document), entry_id);
      return entry_id;
    };
    const damaged = [
      spoil('shape', document => document.slice(0, 40)),
      spoil('number', document => document.replace('{', '{"weight":1e999,')),
    ];
    db.close();
    move(station, 'd-stopped', take, { event: 'find-conflict', reason: 'unknown-origin', theirs: {} });
    const packed = await pack(station, line.file());
    assert.deepEqual([packed.entries, packed.unreadable, packed.held], [2, damaged, 3]);
  });
});
