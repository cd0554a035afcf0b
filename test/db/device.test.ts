import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LedgerError } from '../../db/errors.ts';
import { prefixRange } from '../../db/prefix-range.ts';
import fc from '../property.ts';
import { ledgerFor, noon, recordDevice } from './ledger-fixture.ts';

const serials = (rows: readonly { serial: string | null }[]) => rows.map(row => row.serial);

describe('DeviceTable', () => {
  it('H8 keeps the devices in certificate debt as a number and a list, oldest first, page by page', t => {
    const ledger = ledgerFor(t);
    const made = [1, 2, 3, 4, 5].map(
      n => recordDevice(ledger, n, { device: { certificate_debt: n === 3 ? 0 : 1 } }).device,
    );
    assert.equal(ledger.counts.certificateDebt(), 4);
    const first = ledger.devices.inCertificateDebt(2);
    assert.deepEqual(serials(first), ['SN-000001', 'SN-000002']);
    assert.deepEqual(serials(ledger.devices.inCertificateDebt(9, first[1]!.device_id)), [
      'SN-000004',
      'SN-000005',
    ]);
    const verified = {
      certificate_status: 'verified',
      certificate: Buffer.of(1),
      certificate_debt: 0,
      certificate_detail: null,
    } as const;
    assert.ok(ledger.devices.judgeCertificate(made[0]!.device_id, verified));
    assert.deepEqual(ledger.devices.get(made[0]!.device_id), { ...made[0], ...verified });
    assert.equal(ledger.counts.certificateDebt(), 3);
    const worse = {
      certificate_status: 'absent',
      certificate: null,
      certificate_debt: 1,
      certificate_detail: null,
    } as const;
    assert.equal(ledger.devices.judgeCertificate(made[0]!.device_id, worse), false, 'verified stays');
    assert.equal(ledger.counts.certificateDebt(), 3);
  });

  it('H6 finds a device by its EK, registration id, and serial within the product', t => {
    const ledger = ledgerFor(t);
    const { device } = recordDevice(ledger, 1);
    recordDevice(ledger, 2, { device: { product: 'other', serial: device.serial } });
    assert.deepEqual(ledger.devices.byEkSha256(device.ek_sha256), device);
    assert.deepEqual(ledger.devices.byRegistrationId(device.registration_id), device);
    assert.deepEqual(ledger.devices.bySerial(device.serial!, 'default'), device);
    assert.equal(ledger.devices.bySerial(device.serial!, 'third'), undefined);
    assert.equal(ledger.devices.get('none'), undefined);
  });

  it('H6 keeps a retired device as it was, and lets its names be used again', t => {
    const ledger = ledgerFor(t);
    const { device } = recordDevice(ledger, 1, { device: { certificate_debt: 1 } });
    assert.ok(ledger.transaction(() => ledger.devices.retire(device.device_id, noon, 'rma')));
    assert.equal(ledger.devices.retire(device.device_id, noon + 1, 'again'), false);
    assert.throws(
      () =>
        ledger.devices.nameSerial(device.device_id, 'SN-9') ||
        ledger.devices.judgeCertificate(device.device_id, {
          certificate_status: 'verified',
          certificate: null,
          certificate_debt: 0,
          certificate_detail: null,
        }),
    );
    const { ek_sha256, registration_id, serial, product } = device;
    assert.equal(ledger.devices.byEkSha256(ek_sha256), undefined);
    assert.equal(ledger.devices.byRegistrationId(registration_id), undefined);
    assert.equal(ledger.devices.bySerial(serial!, product), undefined);
    assert.deepEqual(
      [ledger.counts.devices(), ledger.counts.retiredDevices(), ledger.counts.certificateDebt()],
      [1, 1, 0],
    );
    const back = recordDevice(ledger, 1, { device: { predecessor_id: device.device_id } }).device;
    const retired = { ...device, retired_at: noon, retired_reason: 'rma' };
    assert.deepEqual(ledger.devices.byEkSha256(ek_sha256), back);
    assert.deepEqual(ledger.devices.lastRetiredByEkSha256(ek_sha256), retired);
    assert.deepEqual(ledger.devices.retiredByRegistrationId(registration_id), [retired]);
    assert.deepEqual(ledger.devices.lastRetiredBySerial(serial!, product), retired);
    assert.deepEqual(ledger.devices.successorsOf(device.device_id), [back]);
    assert.deepEqual(ledger.devices.ofSerial(serial!), [back]);
    assert.deepEqual(ledger.devices.oldest(9), [retired, back]);
    assert.throws(() => recordDevice(ledger, 1), LedgerError);
  });

  it('names the serial of an imported device once', t => {
    const ledger = ledgerFor(t);
    const { device } = recordDevice(ledger, 1, { device: { serial: null, origin: 'imported' } });
    recordDevice(ledger, 2, { device: { serial: null, origin: 'imported' } });
    assert.equal(
      ledger.transaction(() => ledger.devices.nameSerial(device.device_id, 'SN-1')),
      true,
    );
    assert.equal(
      ledger.transaction(() => ledger.devices.nameSerial(device.device_id, 'SN-2')),
      false,
    );
    assert.equal(ledger.devices.bySerial('SN-1', 'default')?.device_id, device.device_id);
  });
});

describe('prefixRange', () => {
  it('holds exactly the texts that begin with the prefix, in SQLite’s order', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const { from, before } = prefixRange(prefix);
        const bytes = (value: string) => Buffer.from(value);
        const inside = (value: string) =>
          bytes(value).compare(bytes(from)) >= 0 &&
          (before === undefined || bytes(value).compare(bytes(before)) < 0);
        assert.equal(inside(prefix + other), true);
        assert.equal(inside(other), other.startsWith(prefix));
      }),
    );
    assert.equal(prefixRange('\ud7ff').before, '\ue000');
    assert.equal(prefixRange('a\u{10ffff}').before, 'b');
    assert.equal(prefixRange('\u{10ffff}').before, undefined);
  });
});
