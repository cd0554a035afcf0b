import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { formatTpmReportAsLimpet, readTpmReport } from '../../src/harvest/tpm-report.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { missing } from '../parts.ts';
import { harvestAt } from './harvest-at.ts';
import { persistOtherKey, stateOf, tpm2 } from './tpm2-tools.ts';
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
    await tpm2(
      dut.bridge,
      'nvdefine',
      '-C',
      'o',
      '-s',
      '8',
      '-a',
      'authread|authwrite',
      '-p',
      'right',
      '0x1500001',
    );
    for (let i = 0; i < 4; i++) await tpm2(dut.bridge, 'nvread', '-P', 'wrong', '0x1500001').catch(() => {});
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

function handlesIn(text: string): string[] {
  return Array.from(text.matchAll(/0x[0-9A-F]+/gi), match => match[0].toLowerCase());
}
