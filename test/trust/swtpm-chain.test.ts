/** Certificates that Keyline did not write: those of swtpm's own CA, in the NV of a real swtpm. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { judgeChain } from '../../src/trust/judge-chain.ts';
import { makerDiffers, readTpmAttributes } from '../../src/trust/tpm-attributes.ts';
import { readTrustStore } from '../../src/trust/trust-folder.ts';
import { missing } from '../parts.ts';

describe('the EK certificates of swtpm', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-swtpm-chain-'));
  const caDir = path.join(folder, 'ca');
  const trust = path.join(folder, 'trust');
  let dut: Swtpm;
  const certificateAt = (index: string) => {
    const file = path.join(folder, index);
    execFileSync('tpm2_nvread', ['-C', 'o', '-o', file, '-T', dut.bridge, index], { stdio: 'ignore' });
    return readFileSync(file);
  };

  before(async () => {
    await makeSwtpmState(path.join(folder, 'dut'), { ek: 'persisted', caDir });
    dut = await startSwtpm({ stateDir: path.join(folder, 'dut') });
    mkdirSync(trust);
    copyFileSync(path.join(caDir, 'issuercert.pem'), path.join(trust, 'issuer.pem'));
    copyFileSync(path.join(caDir, 'swtpm-localca-rootca-cert.pem'), path.join(trust, 'root.pem'));
  });
  after(async () => {
    await dut?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('H8 RSA and ECC are verified by the chain of its CA, and name the maker of the TPM', () => {
    const store = readTrustStore(trust);
    for (const index of ['0x1c00002', '0x1c00016']) {
      const certificate = certificateAt(index);
      const judged = judgeChain(certificate, store, Date.now());
      assert.ok(judged.status === 'verified', JSON.stringify(judged));
      assert.equal(judged.anchor.subject, 'CN=swtpm-localca-rootca');
      assert.equal(judged.chain.length, 3);
      const stated = readTpmAttributes(certificate)!;
      assert.deepEqual([stated.manufacturer, stated.model], ['IBM', 'swtpm']);
      assert.equal(makerDiffers(stated, '49424D00'), false);
    }
  });

  test('H8 they are untrusted without its root', () => {
    rmSync(path.join(trust, 'root.pem'));
    const judged = judgeChain(certificateAt('0x1c00002'), readTrustStore(trust), Date.now());
    assert.ok(judged.status === 'untrusted');
    assert.equal(judged.rule, 'issuer-unknown');
  });
});
