import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import type { Finding } from '../../src/harvest/finding.ts';
import { EK_TEMPLATE_L1, POLICY_A, SDK_EMPTY_UNIQUE_TEMPLATE } from '../../src/tpm/ek-templates.ts';
import { missing } from '../parts.ts';
import { harvestAt } from './harvest-at.ts';
import { persistEndorsementKey, stateOf, storeInNv, tpm2 } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

describe('which key is enrolled', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  afterEach(() => shelf.powerOff());
  after(() => shelf.clear());

  test('H9 persisted: a TPM without a stored key is refused, and none is made', async () => {
    const dut = await shelf.take('unpersisted');
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge, { deviceKey: 'persisted' });
    assert.deepEqual(codeOf(finding), ['refused', 'ek-absent']);
    assert.equal(await stateOf(dut.bridge), before);
    assert.equal(
      (await harvestAt((await shelf.take('certified')).bridge, { deviceKey: 'persisted' })).outcome,
      'read',
    );
  });

  test('H9 L-1: the product has decided, so a key that is not stored is no warning', async () => {
    const dut = await shelf.take('unpersisted');
    const finding = await harvestAt(dut.bridge, { deviceKey: 'L-1' });
    assert.deepEqual(
      [finding.outcome, finding.key?.ekTemplate, finding.possession],
      ['read', 'L-1', 'proved'],
    );
    assert.deepEqual(finding.warnings, ['simulator', 'certificate-unchecked']);
  });

  test('H9 L-1: the stored key is used where it is the same', async () => {
    const dut = await shelf.take('certified');
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge, { deviceKey: 'L-1' });
    assert.deepEqual([finding.outcome, finding.key?.source], ['read', 'persisted']);
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('H9 sdk-empty-unique: another key than L-1, which no maker certifies: a debt, possession proved', async () => {
    const dut = await shelf.take('unpersisted');
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge, { deviceKey: 'sdk-empty-unique' });
    assert.ok(finding.outcome === 'read', JSON.stringify(finding));
    assert.notEqual(finding.key.ekSha256, (await harvestAt(dut.bridge)).key?.ekSha256);
    assert.deepEqual([finding.key.ekTemplate, finding.possession], ['sdk-empty-unique', 'proved']);
    assert.deepEqual(finding.warnings, ['simulator', 'certificate-for-other-ek']);
    assert.equal(finding.certificate.status, 'mismatch');
    assert.match(finding.certificate.detail ?? '', /certified the L-1 key of this TPM.*SDKs make/);
    assert.equal(await stateOf((await dut.powerCycle()).bridge), before);
  });

  test('H9 sdk-empty-unique: a certificate of another TPM is refused all the same', async () => {
    const dut = await shelf.take('blank');
    const other = await shelf.take('certified');
    const file = join(other.folder, 'certificate');
    await tpm2(other.bridge, 'nvread', '0x1c00002', '-o', file);
    await storeInNv(dut, '0x1c00002', await readFile(file));
    const finding = await harvestAt(dut.bridge, { deviceKey: 'sdk-empty-unique' });
    assert.deepEqual(codeOf(finding), ['refused', 'certificate-mismatch']);
  });

  test('H9 a key that the SDKs stored is told from the one that the maker certified, with what to do', async () => {
    const dut = await shelf.take('unpersisted');
    await persistEndorsementKey(dut.bridge, SDK_EMPTY_UNIQUE_TEMPLATE, '0x81010001');
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge);
    assert.ok(finding.outcome === 'refused', JSON.stringify(finding));
    assert.equal(finding.code, 'certificate-mismatch');
    assert.match(
      finding.detail,
      /certified the L-1 key of this TPM.*SDKs will present the other one at 0x81010001.*deviceKey/,
    );
    const certified = await harvestAt(dut.bridge, { deviceKey: 'L-1' });
    assert.deepEqual([certified.outcome, certified.possession], ['read', 'proved']);
    assert.ok(certified.warnings.includes('sdk-presents-other-key'));
    assert.equal(await stateOf(dut.bridge), before);
  });

  for (const withTemplate of [false, true]) {
    test(`H9 the maker’s nonce in NV makes the L-1 key${withTemplate ? ', with a template beside it' : ''}, as tpm2_createprimary makes it`, async () => {
      const dut = await shelf.take('blank');
      const plain = await harvestAt(dut.bridge);
      const nonce = Buffer.from('a nonce of the maker');
      if (withTemplate) await storeInNv(dut, '0x1c00004', EK_TEMPLATE_L1.subarray(2));
      await storeInNv(dut, '0x1c00003', nonce);
      const before = await stateOf(dut.bridge);
      const finding = await harvestAt(dut.bridge);
      assert.deepEqual(
        [finding.outcome, finding.key?.ekTemplate, finding.possession],
        ['read', 'L-1', 'proved'],
      );
      assert.notEqual(finding.key?.ekSha256, plain.key?.ekSha256);
      assert.equal(await stateOf(dut.bridge), before);
      // tpm2_createek of tpm2-tools 5.4 reads past the nonce and makes another key each time.
      assert.equal(finding.key?.endorsementKey, (await createPrimaryWith(dut, nonce)).toString('base64'));
    });
  }

  test('H9 a template in NV replaces the one of the table', async () => {
    const dut = await shelf.take('blank');
    const plain = await harvestAt(dut.bridge);
    await storeInNv(dut, '0x1c00004', SDK_EMPTY_UNIQUE_TEMPLATE.subarray(2));
    const finding = await harvestAt(dut.bridge);
    assert.notEqual(finding.key?.ekSha256, plain.key?.ekSha256);
    const sdk = await harvestAt(dut.bridge, { deviceKey: 'sdk-empty-unique' });
    assert.equal(finding.key?.ekSha256, sdk.key?.ekSha256);
  });

  test('H9 what lies in those indices and is no template is passed over', async () => {
    const dut = await shelf.take('blank');
    const plain = await harvestAt(dut.bridge);
    await storeInNv(dut, '0x1c00004', Buffer.from('not a template'));
    assert.equal((await harvestAt(dut.bridge)).key?.ekSha256, plain.key?.ekSha256);
  });
});

describe('the key that the ledger has for a serial', {
  skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools'),
}, () => {
  const shelf = new DutShelf();
  afterEach(() => shelf.powerOff());
  after(() => shelf.clear());

  const lookFor = async (dut: VirtualDut, recordedEkSha256: string) => {
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge, { recordedEkSha256 });
    assert.ok(finding.outcome === 'read', JSON.stringify(finding));
    assert.equal(await stateOf(dut.bridge), before);
    return finding.recordedKey?.foundAt;
  };

  test('H6 is found in the same TPM where it is stored, or can be made again, else it is another TPM’s', async () => {
    const dut = await shelf.take('blank');
    const l1 = (await harvestAt(dut.bridge)).key!.ekSha256;
    const sdk = (await harvestAt(dut.bridge, { deviceKey: 'sdk-empty-unique' })).key!.ekSha256;
    assert.equal(await lookFor(dut, l1), undefined, 'the same key needs no looking');
    assert.equal(await lookFor(dut, sdk), 'sdk-empty-unique');
    await persistEndorsementKey(dut.bridge, SDK_EMPTY_UNIQUE_TEMPLATE, '0x81010001');
    assert.equal(await lookFor(dut, l1), 'L-1');
    await persistEndorsementKey(dut.bridge, EK_TEMPLATE_L1, '0x81010007');
    assert.equal(await lookFor(dut, l1), '0x81010007');
    assert.equal(await lookFor(dut, createHash('sha256').update('another').digest('hex')), 'none');
  });

  test('H6 says so where the TPM does not let us look', async () => {
    const dut = await shelf.take('blank-persisted');
    await tpm2(dut.bridge, 'changeauth', '-c', 'e', 'secret');
    const finding = await harvestAt(dut.bridge, { possession: 'off', recordedEkSha256: '00'.repeat(32) });
    assert.deepEqual([finding.outcome, finding.recordedKey?.foundAt], ['read', 'unknown']);
  });
});

/** The key that tpm2_createprimary makes of L-1 with this at the start of `unique`. */
async function createPrimaryWith(dut: VirtualDut, nonce: Uint8Array): Promise<Buffer> {
  const file = (leaf: string) => join(dut.folder, leaf);
  const unique = Buffer.alloc(2 + 256);
  unique.writeUInt16LE(256);
  unique.set(nonce, 2);
  await writeFile(file('unique'), unique);
  await writeFile(file('policy'), POLICY_A);
  const attributes = 'fixedtpm|fixedparent|sensitivedataorigin|adminwithpolicy|restricted|decrypt';
  const kind = ['-C', 'e', '-g', 'sha256', '-G', 'rsa2048:null:aes128cfb', '-a', attributes];
  const files = ['-L', file('policy'), '-u', file('unique'), '-c', file('made.ctx')];
  await tpm2(dut.bridge, 'createprimary', ...kind, ...files);
  await tpm2(dut.bridge, 'flushcontext', '-t');
  await tpm2(dut.bridge, 'readpublic', '-c', file('made.ctx'), '-f', 'tss', '-o', file('made.pub'));
  return readFile(file('made.pub'));
}

function codeOf(finding: Finding): [string, string | undefined] {
  return [finding.outcome, 'code' in finding ? finding.code : undefined];
}
