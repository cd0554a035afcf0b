import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { GoldenCheckRow } from '../../../db/rows.ts';
import { auditRow, ledgerFor, logRow, noon, personId } from '../ledger-fixture.ts';

it('step 9 keeps golden checks, newest first, and changes none', t => {
  const ledger = ledgerFor(t);
  const add = (n: number, change: Partial<GoldenCheckRow> = {}) =>
    ledger.transaction(() => {
      const audit_index = ledger.audit.append(auditRow(`{"check":${n}}`));
      ledger.goldenChecks.insert({
        check_id: `check-${n}`,
        at: noon + n,
        fixture: 'left',
        serial: 'GOLD-1',
        product: 'default',
        person_id: personId,
        verdict: 'passed',
        code: 'golden-passed',
        ek_sha256: 'ab'.repeat(32),
        certificate_status: 'verified',
        duration_ms: 900,
        evidence: '{}',
        log_id: logRow.log_id,
        audit_index,
        ...change,
      });
    });
  add(1);
  add(2, { fixture: 'right' });
  add(3, { verdict: 'failed', code: 'bridge-timeout', ek_sha256: null });
  add(4, { verdict: 'failed', code: 'cancelled', ek_sha256: null });
  assert.equal(ledger.goldenChecks.newestAt('left')?.check_id, 'check-3');
  assert.equal(ledger.goldenChecks.newestPassed('GOLD-1')?.check_id, 'check-2');
  assert.equal(ledger.goldenChecks.newestAt('middle'), undefined);
  assert.throws(() => add(1), /no change/);
  assert.throws(() => add(5, { ek_sha256: null }), /CHECK/);
});
