import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CertificateFinding } from '../../../src/harvest/finding.ts';
import type { Attempt } from '../../../src/station/attempt/attempt.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { StationError } from '../../../src/station/errors.ts';
import { listCertificateDebt } from '../../../src/station/queue/queue.ts';
import { toPem } from '../../trust/make-certificate.ts';
import { makeChain } from '../../trust/test-chain.ts';
import { coreForTest, entriesOf, readAttempt, temporaryFolder } from '../station-fixture.ts';
import { base64Key, keyDigest } from './endorsement-keys.ts';

const verified: CertificateFinding = {
  status: 'verified',
  der: Buffer.from('the certificate').toString('base64'),
  sha256: 'e'.repeat(64),
  anchor: { sha256: 'a'.repeat(64), subject: 'CN=Root' },
  chain: ['e'.repeat(64), 'a'.repeat(64)],
};

function withCertificate(
  key: number,
  certificate: CertificateFinding,
  changes: Partial<Attempt> = {},
): Attempt {
  const attempt = readAttempt(key, `SN-${key}`, changes);
  return { ...attempt, finding: { ...attempt.finding, certificate } as Attempt['finding'] };
}

const imported = (key: number, product: Attempt['product']): Attempt => ({
  ...readAttempt(key, `SN-${key}`, { product }),
  finding: {
    outcome: 'imported',
    key: {
      endorsementKey: base64Key(key),
      ekSha256: keyDigest(key),
      registrationId: `reg-${key}`,
      ekTemplate: 'L-1',
    },
    statedRegistrationId: null,
    warnings: [],
  },
});

describe('certificate debt', () => {
  it('H8 is every device that passed without a verified certificate, imports too, unless the product turns it off', () => {
    using core = coreForTest();
    recordAttempt(core, withCertificate(1, { status: 'absent' }));
    recordAttempt(core, withCertificate(2, verified));
    recordAttempt(core, withCertificate(3, { status: 'untrusted', rule: 'expired', detail: 'x' }));
    recordAttempt(
      core,
      withCertificate(4, { status: 'absent' }, { product: { name: 'default', certificate: 'off' } }),
    );
    recordAttempt(core, imported(5, { name: 'default' }));
    assert.equal(core.ledger.counts.certificateDebt(), 3);
    assert.deepEqual(
      listCertificateDebt(core, 10).map(({ serial, certificate, origin }) => [serial, certificate, origin]),
      [
        ['SN-1', 'absent', 'harvested'],
        ['SN-3', 'untrusted', 'harvested'],
        ['SN-5', 'unchecked', 'imported'],
      ],
    );
  });

  it('H8 is settled by a retest that verifies the certificate, and a verified one stays so', () => {
    using core = coreForTest();
    recordAttempt(core, withCertificate(1, { status: 'unchecked' }));
    const again = recordAttempt(core, withCertificate(1, verified));
    assert.equal(again.verdict, 'retest');
    assert.equal(core.ledger.counts.certificateDebt(), 0);
    const device = core.ledger.devices.bySerial('SN-1', 'default')!;
    assert.deepEqual(
      [device.certificate_status, device.certificate?.toString()],
      ['verified', 'the certificate'],
    );
    recordAttempt(core, withCertificate(1, { status: 'absent' }));
    assert.equal(core.ledger.devices.bySerial('SN-1', 'default')!.certificate_status, 'verified');
    assert.equal(core.ledger.counts.certificateDebt(), 0);
  });

  it('H8 an import cannot bring the certificate that a product requires', () => {
    using core = coreForTest();
    const strict = { name: 'default', certificate: 'require' } as const;
    const refused = recordAttempt(core, imported(1, strict));
    assert.deepEqual([refused.verdict, refused.code], ['refused', 'certificate-missing']);
    recordAttempt(core, withCertificate(1, verified, { product: strict }));
    assert.equal(recordAttempt(core, imported(1, strict)).verdict, 'retest');
  });

  it('H8 the audit entry names the anchor, the chain and the rule', () => {
    using core = coreForTest();
    recordAttempt(core, withCertificate(1, verified));
    recordAttempt(core, withCertificate(2, { status: 'untrusted', rule: 'expired', detail: 'x' }));
    const [first, second] = entriesOf(core).slice(-2);
    assert.deepEqual(first!.data.certificate, {
      status: 'verified',
      sha256: 'e'.repeat(64),
      anchor: 'a'.repeat(64),
      chain: ['e'.repeat(64), 'a'.repeat(64)],
    });
    assert.deepEqual(second!.data.certificate, { status: 'untrusted', rule: 'expired' });
  });
});

describe('the trust store of a station', () => {
  const { root } = makeChain();

  it('H8 is trust/ in the data directory; without a folder or an anchor there is none', () => {
    using core = coreForTest();
    assert.equal(core.trust.store(), undefined);
    const folder = path.join(core.folder, 'trust');
    mkdirSync(folder);
    assert.equal(core.trust.store(), undefined);
    writeFileSync(path.join(folder, 'root.pem'), toPem(root));
    assert.equal(core.trust.read()?.folder, folder);
  });

  it('H8 is the folder that the configuration names, which must be there', () => {
    const folder = temporaryFolder();
    const configuration = { trustStore: 'our-makers' };
    assert.throws(
      () => coreForTest({ configuration, folder }),
      error => error instanceof StationError && error.code === 'trust-store-missing',
    );
    mkdirSync(path.join(folder, 'our-makers'));
    writeFileSync(path.join(folder, 'our-makers', 'root.cer'), root);
    {
      using core = coreForTest({ configuration, folder });
      assert.equal(core.trust.store()?.anchors.length, 1);
      rmSync(path.join(folder, 'our-makers'), { recursive: true });
    }
    rmSync(folder, { recursive: true });
  });
});
