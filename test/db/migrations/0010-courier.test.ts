import assert from 'node:assert/strict';
import { it } from 'node:test';
import { LedgerError } from '../../../db/errors.ts';
import { ledgerFor, noon, personId, recordDevice } from '../ledger-fixture.ts';

it('step 10 keeps what a courier carried: peers with one receiver, bundles by sequence, each foreign entry once', t => {
  const ledger = ledgerFor(t);
  const write = <T>(work: () => T) => ledger.transaction(work as () => never) as T;
  const { outbox } = recordDevice(ledger, 1);
  const peer = (station: string, takes: 'bundles' | 'receipts') => ({
    origin: `${station}/log-1`,
    station_id: station,
    verifier_key: 'key',
    takes,
    added_at: noon,
    person_id: personId,
  });
  write(() => {
    ledger.courierPeers.insert(peer('station-a', 'bundles'));
    ledger.courierPeers.insert(peer('station-b', 'receipts'));
  });
  assert.throws(() => write(() => ledger.courierPeers.insert(peer('station-c', 'receipts'))), LedgerError);
  write(() => ledger.courierPeers.follow('station-a/log-1', 'next'));
  assert.equal(ledger.courierPeers.ofStation('station-a')?.verifier_key, 'next');
  assert.equal(
    write(() => ledger.courierPeers.remove('station-b/log-1')),
    true,
  );
  assert.equal(ledger.courierPeers.all().length, 1);

  const bundle = { bundle_id: 'b-1', origin: 'o', sequence: 1, sha256: 'ab', made_at: noon, entries: 1 };
  write(() =>
    ledger.courierPacked.insert({ ...bundle, valid_until: noon, receipt: 0, receipt_origin: null }, [
      outbox.entry_id,
    ]),
  );
  assert.deepEqual([ledger.courierPacked.lastSequence('o'), ledger.courierPacked.lastSequence('p')], [1, 0]);
  assert.ok(ledger.courierPacked.holds('b-1', outbox.entry_id));
  write(() => ledger.courierPacked.noteReceipt('b-1', 3, 'r/log-1'));
  const noted = ledger.courierPacked.get('b-1');
  assert.deepEqual([noted?.receipt, noted?.receipt_origin], [3, 'r/log-1']);

  const foreign = {
    station_id: 's',
    entry_id: 'e',
    harvest_id: outbox.harvest_id,
    local_entry_id: outbox.entry_id,
    code: 'taken',
    detail: '',
  };
  write(() => {
    ledger.courierTaken.insertEntry(foreign);
    ledger.courierTaken.list('b-2', 0, 's', 'e');
    ledger.courierTaken.insert({ ...bundle, bundle_id: 'b-2', sequence: 4, taken_at: noon, receipts: 0 });
  });
  assert.throws(() => write(() => ledger.courierTaken.insertEntry(foreign)), LedgerError);
  assert.deepEqual(ledger.courierTaken.entriesOf('b-2'), [foreign]);
  assert.equal(ledger.courierTaken.stationOfHarvest(outbox.harvest_id), 's');
  assert.equal(ledger.courierTaken.stationOfLocal(outbox.entry_id), 's');
  assert.deepEqual(
    [ledger.courierTaken.lastSequence('o'), ledger.courierTaken.hasSequence('o', 3)],
    [4, false],
  );
  assert.deepEqual(
    write(() => [1, 2].map(() => ledger.courierTaken.countReceipt('b-2'))),
    [1, 2],
  );
  // A station can name any harvest; whose it is, only the create that was taken for it says.
  write(() =>
    ledger.courierTaken.insertEntry({ ...foreign, station_id: 'a', entry_id: 'f', code: 'already-here' }),
  );
  write(() =>
    ledger.courierTaken.insertEntry({ ...foreign, station_id: 'a', entry_id: 'g', harvest_id: 'h' }),
  );
  assert.equal(ledger.courierTaken.stationOfHarvest('h'), undefined);
  assert.equal(ledger.courierTaken.stationOfHarvest(outbox.harvest_id), 's');
});
