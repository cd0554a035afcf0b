import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import type { Finding, StepEvent } from '../../src/harvest/finding.ts';
import { parsePublic, type RsaPublicArea } from '../../src/tpm/structures.ts';
import { missing } from '../parts.ts';
import { publishedKey } from '../tpm/endorsement-keys.ts';
import { makeCertificate, rsaSpki } from '../tpm/make-certificate.ts';
import { harvestAt } from './harvest-at.ts';
import { lockOut, persistOtherKey, stateOf, storeInNv, tpm2 } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

const skip = missing('swtpm', 'swtpm-tools', 'tpm2-tools');
const publishedArea = parsePublic(Buffer.from(publishedKey.endorsementKey, 'base64')) as RsaPublicArea;

describe('runHarvest', { skip }, () => {
  const shelf = new DutShelf();
  afterEach(() => shelf.powerOff());
  after(() => shelf.clear());

  test('gives the EK of tpm2_readpublic and the certificate of tpm2_nvread, and H1 leaves the TPM as it was', async () => {
    const dut = await shelf.take('certified');
    const before = await stateOf(dut.bridge);
    const events: StepEvent[] = [];
    const finding = await harvestAt(dut.bridge, { onStep: event => events.push(event) });
    assert.equal(await stateOf(dut.bridge), before);
    assert.ok(finding.outcome === 'read', JSON.stringify(finding));
    assert.equal(finding.key.endorsementKey, await readPublicBytes(dut));
    assert.equal(finding.key.source, 'persisted');
    assert.equal(finding.key.ekTemplate, 'L-1');
    assert.equal(finding.possession, 'proved');
    const certificate = await tpm2File(dut, file => ['nvread', '0x1c00002', '-o', file]);
    assert.equal(finding.certificate.der, certificate.toString('base64'));
    assert.equal(finding.certificate.status, 'unchecked');
    assert.equal(finding.certificate.issuer, 'CN=swtpm-localca');
    assert.deepEqual(finding.warnings, ['simulator', 'certificate-unchecked']);
    assert.deepEqual(finding.tpm.manufacturer, 'IBM');
    assert.deepEqual(
      events.map(event => `${event.step} ${event.state}`),
      ['connect', 'tpm', 'key', 'certificate', 'proof'].flatMap(step => [`${step} started`, `${step} done`]),
    );
  });

  test('H9 makes the L-1 key where none is persisted, the same as tpm2_createek makes, and says so', async () => {
    const dut = await shelf.take('unpersisted');
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge);
    assert.equal(await stateOf(dut.bridge), before);
    assert.ok(finding.outcome === 'read', JSON.stringify(finding));
    const made = await tpm2File(dut, file => [
      'createek',
      '-G',
      'rsa',
      '-c',
      `${file}.ctx`,
      '-f',
      'tss',
      '-u',
      file,
    ]);
    assert.equal(finding.key.endorsementKey, made.toString('base64'));
    assert.equal(finding.key.source, 'created');
    assert.equal(finding.possession, 'proved');
    assert.equal(finding.certificate.status, 'unchecked');
    assert.deepEqual(finding.warnings, ['simulator', 'ek-not-persisted', 'certificate-unchecked']);
  });

  test('starts a simulator that was not started', async () => {
    const dut = await shelf.take('certified', 'none');
    assert.equal((await harvestAt(dut.bridge)).outcome, 'read');
  });

  test('H8 no certificate is a warning', async () => {
    const finding = await harvestAt((await shelf.take('blank')).bridge);
    assert.ok(finding.outcome === 'read');
    assert.deepEqual(finding.certificate, { status: 'absent' });
    assert.ok(finding.warnings.includes('certificate-absent'));
  });

  test('H8 a certificate for another key refuses the device, with the evidence', async () => {
    const dut = await shelf.take('blank');
    await storeInNv(dut, '0x1c00002', await makeCertificate(rsaSpki(publishedArea)));
    const finding = await harvestAt(dut.bridge);
    assertRefused(finding, 'certificate-mismatch');
    assert.equal(finding.certificate?.status, 'mismatch');
    assert.equal(finding.certificate?.issuer, 'CN=Test EK CA, O=Keyline');
    assert.ok(finding.key);
  });

  test('H8 what is in NV but no certificate is unreadable, its bytes kept', async () => {
    const dut = await shelf.take('blank');
    await storeInNv(dut, '0x1c00002', Buffer.from('no certificate'));
    const finding = await harvestAt(dut.bridge);
    assert.ok(finding.outcome === 'read');
    assert.equal(finding.certificate.status, 'unreadable');
    assert.equal(Buffer.from(finding.certificate.der!, 'base64').toString(), 'no certificate');
    assert.ok(finding.warnings.includes('certificate-unreadable'));
  });

  test('H1 a certificate behind a password that counts towards lockout is not read, the counter stays', async () => {
    const dut = await shelf.take('blank');
    await storeInNv(dut, '0x1c00002', Buffer.from('x'), 'ownerwrite|authread');
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge);
    assert.ok(finding.outcome === 'read');
    assert.equal(finding.certificate.status, 'unreadable');
    assert.equal(await stateOf(dut.bridge), before);
    assert.match(await stateOf((await dut.powerCycle()).bridge), /LOCKOUT_COUNTER: 0x0$/m);
  });

  test('H9 refuses another key at 0x81010001 and says what is unfit', async () => {
    const dut = await shelf.take('blank');
    await persistOtherKey(dut.bridge, 'rsa2048', join(dut.folder, 'srk.ctx'));
    const finding = await harvestAt(dut.bridge);
    assertRefused(finding, 'ek-unfit');
    assert.match(finding.detail, /0x81010001.*policy/);
    assert.equal(finding.key?.ekTemplate, 'unknown');
  });

  test('S5 production refuses a simulator before anything is loaded', async () => {
    const dut = await shelf.take('unpersisted');
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(dut.bridge, { rehearsal: false });
    assertRefused(finding, 'simulator-refused');
    assert.equal(finding.tpm?.vendor, 'SW   TPM');
    assert.equal(finding.key, undefined);
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('a password on the endorsement hierarchy is named where the key must be made or proved, else it does not matter', async () => {
    const unpersisted = await shelf.take('unpersisted');
    await tpm2(unpersisted.bridge, 'changeauth', '-c', 'e', 'secret');
    const made = await harvestAt(unpersisted.bridge);
    assert.ok(made.outcome === 'failed');
    assert.deepEqual(
      [made.code, made.responseCode, made.responseCodeName, made.step],
      ['hierarchy-password', '0x9A2', 'TPM_RC_BAD_AUTH', 'key'],
    );
    assert.equal(await tpm2(unpersisted.bridge, 'getcap', 'handles-transient'), '');

    const certified = await shelf.take('certified');
    await tpm2(certified.bridge, 'changeauth', '-c', 'e', 'secret');
    const before = await stateOf(certified.bridge);
    const proved = await harvestAt(certified.bridge);
    assert.ok(proved.outcome === 'failed');
    assert.deepEqual(
      [proved.code, proved.responseCode, proved.step, proved.possession],
      ['hierarchy-password', '0x9A2', 'proof', 'not-tested'],
    );
    assert.equal(proved.certificate?.issuer, 'CN=swtpm-localca', 'what was read before is kept');
    assert.ok(proved.warnings.includes('certificate-unchecked'));
    const read = await harvestAt(certified.bridge, { possession: 'off' });
    assert.deepEqual([read.outcome, read.possession], ['read', 'not-tested']);
    assert.equal(await stateOf(certified.bridge), before);
    assert.match(await stateOf((await certified.powerCycle()).bridge), /LOCKOUT_COUNTER: 0x0$/m);
  });

  test('a disabled endorsement hierarchy is named', async () => {
    const dut = await shelf.take('unpersisted');
    await tpm2(dut.bridge, 'hierarchycontrol', '-C', 'p', 'ehEnable', 'clear');
    const finding = await harvestAt(dut.bridge);
    assert.ok(finding.outcome === 'failed');
    assert.equal(finding.code, 'hierarchy-disabled');
  });

  test('H1 a TPM in lockout is read all the same, and its counter does not move', async () => {
    const dut = await shelf.take('certified');
    await lockOut(dut.bridge);
    const before = await stateOf(dut.bridge);
    assert.match(before, /inLockout:\s+1/);
    const finding = await harvestAt(dut.bridge);
    assert.deepEqual([finding.outcome, finding.possession], ['read', 'proved']);
    assert.equal(await stateOf(dut.bridge), before);
  });
});

function assertRefused(finding: Finding, code: string): asserts finding is Finding & { outcome: 'refused' } {
  assert.ok(finding.outcome === 'refused', JSON.stringify(finding));
  assert.equal(finding.code, code);
}

async function tpm2File(dut: VirtualDut, command: (file: string) => string[]): Promise<Buffer> {
  const file = join(dut.folder, 'out');
  const [tool = '', ...parameters] = command(file);
  await tpm2(dut.bridge, tool, ...parameters);
  return readFile(file);
}

async function readPublicBytes(dut: VirtualDut): Promise<string> {
  const bytes = await tpm2File(dut, file => ['readpublic', '-c', '0x81010001', '-f', 'tss', '-o', file]);
  return bytes.toString('base64');
}
