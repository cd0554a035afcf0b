import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { CertificateFinding, Finding } from '../../../src/harvest/finding.ts';
import { judgeCertificate } from '../../../src/station/attempt/judge-certificate.ts';
import type { CertificatePolicy } from '../../../src/station/configuration/configuration.ts';
import type { TrustStore } from '../../../src/trust/trust-store.ts';
import { type ChainChanges, keys, makeChain, now, storeOf } from '../../trust/test-chain.ts';
import { readAttempt } from '../station-fixture.ts';

type Read = Extract<Finding, { outcome: 'read' }>;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const good = makeChain();
const store = storeOf(good.root, good.intermediate);
const strangers = makeChain({ root: { key: keys.other, signer: keys.other } });
const past = { notAfter: new Date('2029-01-01') };

function readWith(certificate: CertificateFinding, manufacturerId = '49465800'): Read {
  const finding = readAttempt(1, 'SN-1').finding as Read;
  return {
    ...finding,
    tpm: { ...finding.tpm, manufacturerId },
    certificate,
    warnings: ['ek-not-persisted', `certificate-${certificate.status}` as 'certificate-unchecked'],
  };
}

const fitting = (ek: Buffer): CertificateFinding => ({ status: 'unchecked', der: ek.toString('base64') });

function judge(
  finding: Finding,
  policy: CertificatePolicy,
  by: TrustStore | undefined = store,
  clock: 'synced' | 'unsynced' = 'synced',
) {
  const circumstances = { policy, trust: { store: () => by }, clock: { at: now, clock } };
  const judged = judgeCertificate(finding, circumstances);
  return {
    outcome: judged.outcome,
    code: 'code' in judged ? judged.code : undefined,
    certificate: 'certificate' in judged ? judged.certificate : undefined,
    warnings: judged.warnings,
  };
}

describe('judgeCertificate', () => {
  it('H8 a chain to an anchor is verified under every policy that judges, and says by which certificates', () => {
    for (const policy of ['require', 'warn'] as const) {
      const { outcome, certificate, warnings } = judge(readWith(fitting(good.ek)), policy);
      assert.equal(outcome, 'read');
      assert.equal(certificate?.status, 'verified');
      assert.deepEqual(certificate.anchor, { sha256: sha256(good.root), subject: 'CN=Maker Root CA' });
      assert.deepEqual(certificate.chain, [good.ek, good.intermediate, good.root].map(sha256));
      assert.deepEqual(warnings, ['ek-not-persisted']);
    }
  });

  it('H8 what is not verified passes with a warning, or is refused where the product requires it', () => {
    const cases: readonly [CertificateFinding, TrustStore, string | undefined, string][] = [
      [fitting(strangers.ek), storeOf(strangers.root), 'certificate-untrusted', 'certificate-untrusted'],
      [{ status: 'absent' }, store, 'certificate-absent', 'certificate-missing'],
      [{ status: 'unreadable', detail: 'x' }, store, 'certificate-unreadable', 'certificate-not-readable'],
      // A run lets it pass only as another key's of the same TPM, with a warning of its own.
      [{ status: 'mismatch', detail: 'x' }, store, undefined, 'certificate-mismatch'],
    ];
    for (const [certificate, by, warning, refusal] of cases) {
      const passed = judge(readWith(certificate), 'warn', by);
      assert.deepEqual(
        [passed.outcome, passed.warnings],
        ['read', ['ek-not-persisted', ...(warning ? [warning] : [])]],
      );
      const refused = judge(readWith(certificate), 'require', by);
      assert.deepEqual([refused.outcome, refused.code], ['refused', refusal]);
    }
  });

  it('H8 stays unchecked without a trust store, which a product that requires it refuses', () => {
    const circumstances = { trust: { store: () => undefined }, clock: { at: now, clock: 'synced' } } as const;
    const finding = readWith(fitting(good.ek));
    const passed = judgeCertificate(finding, { policy: 'warn', ...circumstances });
    assert.ok(passed.outcome === 'read');
    assert.equal(passed.certificate.status, 'unchecked');
    assert.equal(passed.certificate.statedTpm?.manufacturer, 'Infineon');
    assert.ok(passed.warnings.includes('certificate-unchecked'));
    const refused = judgeCertificate(finding, { policy: 'require', ...circumstances });
    assert.ok(refused.outcome === 'refused');
    assert.equal(refused.code, 'certificate-not-checked');
    assert.match(refused.detail, /no trust store/);
  });

  it('H8 is not judged, and warns of nothing, where the product turns it off', () => {
    for (const certificate of [fitting(strangers.ek), { status: 'absent' } as const]) {
      const finding = readWith(certificate);
      const { outcome, warnings, certificate: judged } = judge(finding, 'off');
      assert.deepEqual([outcome, warnings, judged], ['read', ['ek-not-persisted'], certificate]);
    }
  });

  it('H8 a refusal names the rule and keeps what was read', () => {
    const refused = judgeCertificate(readWith(fitting(makeChain({ ek: past }).ek)), {
      policy: 'require',
      trust: { store: () => store },
      clock: { at: now, clock: 'synced' },
    });
    assert.ok(refused.outcome === 'refused' && 'key' in refused);
    assert.match(refused.detail, /^expired: .*2029-01-01/);
    assert.equal(refused.certificate?.status, 'untrusted');
    assert.equal(refused.key?.ekTemplate, 'L-1');
  });

  it('O7 a date that an unsynced clock cannot vouch for is debt and no refusal, any other rule is one', () => {
    const changes: readonly [ChainChanges, string | undefined][] = [
      [{ ek: past }, undefined],
      [{ intermediate: { notBefore: new Date('2031-01-01') } }, undefined],
      [{ ek: { ...past, signer: keys.other } }, 'certificate-untrusted'],
      [{ ek: { signer: keys.other } }, 'certificate-untrusted'],
    ];
    for (const [change, refusal] of changes) {
      const chain = makeChain(change);
      const by = storeOf(chain.root, chain.intermediate);
      const finding = readWith(fitting(chain.ek));
      assert.equal(judge(finding, 'require', by, 'synced').code, 'certificate-untrusted');
      const unsynced = judge(finding, 'require', by, 'unsynced');
      assert.equal(unsynced.code, refusal);
      if (refusal !== undefined) continue;
      assert.equal(unsynced.certificate?.status, 'unchecked');
      assert.match(unsynced.certificate.rule ?? '', /^(expired|not-yet-valid)$/);
      assert.ok(unsynced.warnings.includes('certificate-date-unsure'));
    }
  });

  it('H8 another maker in the certificate than in the TPM is a warning, also without a trust store', () => {
    for (const by of [store, storeOf()]) {
      assert.ok(
        !judge(readWith(fitting(good.ek)), 'warn', by).warnings.includes('certificate-maker-differs'),
      );
      const differs = judge(readWith(fitting(good.ek), '4E544300'), 'require', store);
      assert.equal(differs.outcome, 'read');
      assert.ok(differs.warnings.includes('certificate-maker-differs'));
    }
  });

  it('leaves alone what a run did not read to its end', () => {
    const failed: Finding = {
      ...readWith({ status: 'absent' }),
      outcome: 'failed',
      code: 'bridge-closed',
      detail: 'gone',
      step: 'certificate',
    };
    assert.equal(
      judgeCertificate(failed, {
        policy: 'require',
        trust: { store: () => store },
        clock: { at: now, clock: 'synced' },
      }),
      failed,
    );
  });
});
