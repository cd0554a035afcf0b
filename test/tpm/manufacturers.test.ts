import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { manufacturerName } from '../../src/tpm/manufacturers.ts';
import { judgeSimulator } from '../../src/tpm/simulators.ts';
import type { TpmIdentity } from '../../src/tpm/tpm-identity.ts';
import { readTpmIdentity } from '../../src/tpm/tpm-identity.ts';

test('the maker table follows the TCG TPM Vendor ID Registry', () => {
  /** Four characters, `_` for NUL, and the name. */
  const golden = `AMD_ AMD|ATML Atmel|BRCM Broadcom|CSCO Cisco|FLYS Flyslice|GOOG Google|HISI Huawei|HPE_ HPE|IBM_ IBM
    |IBM* IBM|IFX_ Infineon|INTC Intel|LEN_ Lenovo|MSFT Microsoft|NSM* National Semiconductor|NTC_ Nuvoton|NTZ_ Nationz
    |QCOM Qualcomm|ROCC Rockchip|SMSC SMSC|SMSN Samsung|SNS_ Sinosun|STM* STMicroelectronics|TXN_ Texas Instruments
    |WEC_ Winbond`;
  for (const line of golden.split('|')) {
    const [, characters = '', name] = /^(.{4}) (.*)$/.exec(line.trim()) ?? [];
    const id = Buffer.from(characters.replace('_', '\0').replace('*', ' '), 'latin1')
      .toString('hex')
      .toUpperCase();
    assert.equal(manufacturerName(id), name, characters);
  }
  assert.equal(manufacturerName('DEADBEEF'), undefined);
  assert.equal(manufacturerName('constructor'), undefined);
});

test('readTpmIdentity writes versions as the specification does and lets no control character through', () => {
  const identity = readTpmIdentity(
    new Map([
      [0x100, 0x322e3000],
      [0x102, 105],
      [0x105, 0x49465800],
      [0x106, 0x534c4239],
      [0x107, 0x1b5b3331],
      [0x10b, 0x00070055],
      [0x10c, 0x0011cb02],
    ]),
  );
  assert.deepEqual(identity, {
    manufacturerId: '49465800',
    manufacturer: 'IFX',
    vendor: 'SLB9·[31',
    firmware: '7.85.17.51970',
    family: '2.0',
    revision: '1.05',
  });
  assert.throws(() => readTpmIdentity(new Map()), { code: 'answer-malformed' });
});

describe('judgeSimulator', () => {
  const of = (manufacturerId: string, vendor: string): TpmIdentity => ({
    manufacturerId,
    manufacturer: '',
    vendor,
    firmware: '',
    family: '2.0',
    revision: '1.38',
  });

  test('S5 knows swtpm, libtpms and IBM’s simulator on every bridge', () => {
    assert.equal(judgeSimulator(of('49424D00', 'SW   TPM'), 'device'), 'known-simulator');
    assert.equal(judgeSimulator(of('49424D20', 'SW   TPM'), 'cmd'), 'known-simulator');
  });

  test('S5 Microsoft’s reference strings are a simulator on a simulator’s protocol, else reference firmware', () => {
    for (const bridge of ['mssim', 'swtpm'] as const)
      assert.equal(judgeSimulator(of('4D534654', 'xCG fTPM'), bridge), 'known-simulator');
    for (const bridge of ['device', 'cmd', 'ssh'] as const)
      assert.equal(judgeSimulator(of('4D534654', 'xCG fTPM'), bridge), 'reference-firmware');
    assert.equal(judgeSimulator(of('414D4400', 'xCG fTPM'), 'device'), 'not-known');
  });

  test('S5 IBM’s id with another vendor string is a virtual machine’s TPM', () => {
    assert.equal(judgeSimulator(of('49424D00', 'vTPM'), 'device'), 'virtual-machine');
  });

  test('S5 leaves other makers alone', () => {
    assert.equal(judgeSimulator(of('49465800', 'SLB9670'), 'device'), 'not-known');
    assert.equal(judgeSimulator(of('4E544300', 'rls NPCT'), 'swtpm'), 'not-known');
  });
});
