import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LedgerError } from '../../db/errors.ts';
import { auditRow, deviceRow, harvestRow, ledgerFor, logRow, recordDevice } from './ledger-fixture.ts';

const refused = (error: unknown) => error instanceof LedgerError && error.code === 'refused';

describe('Ledger.transaction', () => {
  it('O1 keeps device, outbox and audit entry together', t => {
    const ledger = ledgerFor(t);
    const { device, outbox, harvest } = recordDevice(ledger, 1);
    assert.deepEqual(ledger.devices.get(device.device_id), device);
    assert.deepEqual(ledger.outbox.get(outbox.entry_id), outbox);
    assert.deepEqual(ledger.harvests.get(harvest.harvest_id), harvest);
    assert.equal(ledger.audit.size(), 1);
  });

  it('O1 keeps nothing of work that throws, and lets the error through', t => {
    const ledger = ledgerFor(t);
    const fault = new Error('a fault of the caller');
    assert.throws(
      () =>
        ledger.transaction(() => {
          ledger.audit.append(auditRow('{}'));
          ledger.harvests.insert(harvestRow());
          throw fault;
        }),
      fault,
    );
    assert.equal(ledger.audit.size(), 0);
    assert.equal(ledger.counts.harvests(), 0);
  });

  it('O1 refuses work that returns a promise', t => {
    const ledger = ledgerFor(t);
    const work = (async () => ledger.audit.append(auditRow('{}'))) as unknown as () => number;
    assert.throws(() => ledger.transaction(work), TypeError);
    assert.equal(ledger.audit.size(), 0);
  });

  it('does not nest', t => {
    const ledger = ledgerFor(t);
    assert.throws(() => ledger.transaction(() => ledger.transaction(() => 1)), /do not nest/);
  });

  it('keeps counts without scanning, also when it is undone', t => {
    const ledger = ledgerFor(t);
    const first = recordDevice(ledger, 1);
    recordDevice(ledger, 2);
    assert.throws(() => recordDevice(ledger, 2), refused);
    ledger.transaction(() => ledger.outbox.move(first.outbox, 'sending'));
    assert.equal(ledger.counts.devices(), 2);
    assert.equal(ledger.counts.harvests(), 2);
    const settled = { enrolled: 0, conflict: 0, quarantined: 0, cancelled: 0, changed: 0 };
    const queue = { queued: 1, sending: 1, ...settled, held: 0 };
    assert.deepEqual(ledger.counts.outbox(), queue);
    assert.equal(ledger.audit.size(), 2);
  });
});

describe('the schema', () => {
  it('H6 refuses a second device with the same EK, registration id, or serial of the product', t => {
    const ledger = ledgerFor(t);
    const { device } = recordDevice(ledger, 1);
    const other = {
      serial: 'SN-9',
      ek_sha256: 'cd'.repeat(32),
      registration_id: 'reg-9',
      harvest_id: device.harvest_id,
    };
    const insert = (change: Partial<typeof device>) =>
      ledger.transaction(() => ledger.devices.insert(deviceRow({ ...other, ...change })));
    assert.throws(() => insert({ ek_sha256: device.ek_sha256 }), refused);
    assert.throws(() => insert({ registration_id: device.registration_id }), refused);
    assert.throws(() => insert({ serial: device.serial }), refused);
    insert({ serial: device.serial, product: 'another' });
    assert.equal(ledger.counts.devices(), 2);
  });

  it('A1 refuses an entry that is not the next one of its log', t => {
    const ledger = ledgerFor(t);
    ledger.transaction(() => ledger.audit.append(auditRow('{"a":1}')));
    assert.throws(() => ledger.audit.append(auditRow('{}')), /inside a transaction/);
    ledger.transaction(() => ledger.logs.insert({ ...logRow, log_id: 'log-2', origin: 'station-1/log-2' }));
    assert.equal(
      ledger.transaction(() => ledger.audit.append(auditRow('{"b":1}'))),
      0,
    );
    assert.equal(ledger.audit.size('log-1'), 1);
    assert.equal(ledger.logs.current()?.log_id, 'log-2');
    assert.deepEqual(
      ledger.logs.all().map(log => log.log_id),
      ['log-1', 'log-2'],
    );
  });
});
