import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { formatTpmReportAsLimpet, readTpmReport } from '../../src/harvest/tpm-report.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { EK_TEMPLATES } from '../../src/tpm/ek-templates.ts';
import {
  type EccPublicArea,
  marshalStorageKey,
  type PublicArea,
  type RsaPublicArea,
} from '../../src/tpm/structures.ts';
import { missing } from '../parts.ts';
import { eccSpki, eccSpkiOf, makeCertificate, rsaSpki } from '../tpm/make-certificate.ts';
import { harvestAt } from './harvest-at.ts';
import {
  handlesIn,
  lockOut,
  persistEndorsementKey,
  persistOtherKey,
  stateOf,
  storeInNv,
  tpm2,
} from './tpm2-tools.ts';
import { DutShelf } from './virtual-dut.ts';

describe('readTpmReport', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  afterEach(() => shelf.powerOff());
  after(() => shelf.clear());
  const reportAt = (bridge: string) => readTpmReport({ bridge: parseTctiConf(bridge) });

  test('H1 tells keys and certificates as tpm2-tools do, and leaves the TPM as it was', async () => {
    const dut = await shelf.take('certified');
    const before = await stateOf(dut.bridge);
    const report = await reportAt(dut.bridge);
    assert.equal(await stateOf(dut.bridge), before);
    const persistent = await tpm2(dut.bridge, 'getcap', 'handles-persistent');
    assert.deepEqual(
      report.persistentKeys.map(key => key.handle.toLowerCase()),
      handlesIn(persistent),
    );
    assert.deepEqual(report.persistentKeys[0], { handle: '0x81010001', kind: 'RSA 2048', ekTemplate: 'L-1' });
    assert.deepEqual(report.ekCertificateIndices, ['0x01C00002', '0x01C00016']);
    assert.deepEqual(
      report.ekCertificates.map(({ nvIndex, ekTemplate, status, keyHandle }) => [
        nvIndex,
        ekTemplate,
        status,
        keyHandle,
      ]),
      [
        ['0x01C00002', 'L-1', 'unchecked', '0x81010001'],
        ['0x01C00016', 'H-3', 'unchecked', '0x81010016'],
      ],
    );
    assert.deepEqual(report.dps, { fit: true, reasons: [] });
    assert.equal(report.tpm.manufacturerName, 'IBM');
    assert.equal(report.tpm.simulator, 'known-simulator');
    assert.deepEqual(report.authorization, {
      owner: false,
      endorsement: false,
      lockout: false,
      disableClear: false,
    });
    const finding = await harvestAt(dut.bridge);
    assert.equal(report.endorsementKey?.endorsementKey, finding.key?.endorsementKey);
    assert.deepEqual(report.endorsementKey?.certificate, finding.certificate);
  });

  test('tells passwords and why no key can be made', async () => {
    const dut = await shelf.take('unpersisted');
    await tpm2(dut.bridge, 'changeauth', '-c', 'e', 'secret');
    await tpm2(dut.bridge, 'changeauth', '-c', 'l', 'secret');
    const report = await reportAt(dut.bridge);
    assert.deepEqual(report.authorization, {
      owner: false,
      endorsement: true,
      lockout: true,
      disableClear: false,
    });
    assert.equal(report.endorsementKey, undefined);
    assert.deepEqual(report.dps.reasons, [
      'no key is persisted, and the endorsement hierarchy has a password',
    ]);
    const xml = formatTpmReportAsLimpet(report);
    assert.match(
      xml,
      /<EndorsementAuth>Unavailable<\/EndorsementAuth>\n {2}<StorageAuth>NotSet<\/StorageAuth>/,
    );
  });

  test('tells lockout with its counter', async () => {
    const dut = await shelf.take('blank');
    await lockOut(dut.bridge);
    const report = await reportAt(dut.bridge);
    assert.deepEqual(report.lockout, { locked: true, failedTries: 3, maxTries: 3 });
    assert.match(formatTpmReportAsLimpet(report), /<InLockout>true<\/InLockout>/);
  });

  test('says what of the key at 0x81010001 is unfit for DPS', async () => {
    const dut = await shelf.take('blank');
    await persistOtherKey(dut.bridge, 'ecc', `${dut.folder}/key.ctx`);
    const { dps, persistentKeys } = await reportAt(dut.bridge);
    assert.deepEqual(persistentKeys, [{ handle: '0x81010001', kind: 'ECC P-256', ekTemplate: 'unknown' }]);
    assert.equal(dps.fit, false);
    assert.equal(dps.reasons[0], 'the key at 0x81010001: it is not an RSA key');
  });

  test('H1 tells every persisted EK by its template, and every certificate whatever its form, and makes no key', async () => {
    const dut = await shelf.take('blank-persisted');
    const rows = EK_TEMPLATES.filter(({ name }) => ['L-2', 'H-1', 'H-2', 'H-4'].includes(name));
    const areas = new Map<string, PublicArea>();
    for (const [i, { name, key }] of rows.entries()) {
      areas.set(name, await persistEndorsementKey(dut.bridge, marshalStorageKey(key), `0x8101000${i + 2}`));
    }
    const certificateFor = (name: string) => makeCertificate(eccSpkiOf(areas.get(name) as EccPublicArea));
    const [p256, high256, p521] = [
      await certificateFor('L-2'),
      await certificateFor('H-2'),
      await certificateFor('H-4'),
    ];
    const oldHeader = Buffer.from([0x10, 0x01, 0x00, p256.length >> 8, p256.length & 0xff]);
    await storeInNv(dut, '0x1c00002', Buffer.from('no certificate'));
    await storeInNv(dut, '0x1c0000a', Buffer.concat([oldHeader, p256, Buffer.alloc(40, 0xff)]));
    await storeInNv(dut, '0x1c00012', await makeCertificate(rsaSpki(areas.get('H-1') as RsaPublicArea, 3)));
    await storeInNv(dut, '0x1c00014', high256.subarray(0, -1));
    await storeInNv(dut, '0x1c00018', Buffer.concat([p521, Buffer.alloc(40)]));
    await storeInNv(dut, '0x1c0001c', await makeCertificate(await eccSpki()));
    await storeInNv(dut, '0x1c00013', Buffer.from('a template'));
    const before = await stateOf(dut.bridge);
    const report = await reportAt(dut.bridge);
    assert.equal(await stateOf(dut.bridge), before);
    assert.deepEqual(
      report.persistentKeys.map(({ handle, kind, ekTemplate }) => [handle, kind, ekTemplate]),
      [
        ['0x81010001', 'RSA 2048', 'L-1'],
        ['0x81010002', 'ECC P-256', 'L-2'],
        ['0x81010003', 'RSA 2048', 'H-1'],
        ['0x81010004', 'ECC P-256', 'H-2'],
        ['0x81010005', 'ECC P-521', 'H-4'],
        ['0x81010016', 'ECC P-384', 'H-3'],
      ].filter(([handle]) => handle !== '0x81010016' || report.persistentKeys.length === 6),
    );
    assert.deepEqual(
      report.ekCertificates.map(({ nvIndex, ekTemplate, status, keyHandle }) => [
        nvIndex,
        ekTemplate,
        status,
        keyHandle,
      ]),
      [
        ['0x01C00002', 'L-1', 'unreadable', undefined],
        ['0x01C0000A', 'L-2', 'unchecked', '0x81010002'],
        ['0x01C00012', 'H-1', 'mismatch', undefined],
        ['0x01C00014', 'H-2', 'unreadable', undefined],
        ['0x01C00018', 'H-4', 'unchecked', '0x81010005'],
        ['0x01C0001C', 'H-6', 'key-not-persisted', undefined],
      ],
    );
  });

  test('rejects with the bridge’s error where nothing answers', async () => {
    const dut = await shelf.take('blank');
    await dut.stop();
    await assert.rejects(reportAt(dut.bridge), { name: 'TctiError', code: 'unreachable' });
  });
});

describe('formatTpmReportAsLimpet', () => {
  const report = {
    tpm: {
      manufacturerId: '49465800',
      manufacturer: 'IFX',
      vendor: 'SLB<9670>',
      firmware: '7.85.17.51968',
      family: '2.0',
      revision: '1.05',
      level: 0,
    },
    authorization: { owner: true, endorsement: false, lockout: true, disableClear: false },
    lockout: { locked: false },
    algorithms: ['RSA', 'HMAC', 'AES'],
  };

  test('writes the elements of Limpet -GTI in its order, Infineon’s firmware as Limpet does', () => {
    assert.equal(
      formatTpmReportAsLimpet(report),
      `<?xml version="1.0" encoding="utf-8"?>
<TpmInfo>
  <TpmType>Unknown</TpmType>
  <TpmFamily>2.0</TpmFamily>
  <TpmLevel>0</TpmLevel>
  <TpmRevision>1.5</TpmRevision>
  <TpmManufacturer>IFX</TpmManufacturer>
  <TpmVendorString>SLB&lt;9670&gt;</TpmVendorString>
  <TpmFirmware>7.85.4555-CC</TpmFirmware>
  <LockoutAuth>Unavailable</LockoutAuth>
  <EndorsementAuth>NotSet</EndorsementAuth>
  <StorageAuth>Unavailable</StorageAuth>
  <DisableClear>false</DisableClear>
  <InLockout>false</InLockout>
  <RSA>true</RSA>
  <HMAC>true</HMAC>
  <AES>true</AES>
  <ECC>false</ECC>
  <TcgLogSize/>
</TpmInfo>
`,
    );
  });

  test('other makers’ firmware is four numbers', () => {
    const other = { ...report, tpm: { ...report.tpm, manufacturer: 'STM', firmware: '1.2.3.4' } };
    assert.match(formatTpmReportAsLimpet(other), /<TpmFirmware>1\.2\.3\.4</);
  });
});
