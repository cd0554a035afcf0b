/**
 * A reference unit's attempt becomes fact: its own row and its audit entry in one transaction (rules H4, H5, O1). Nothing of
 * it reaches a device, the outbox or a count. It passed where the whole chain did, its key is the one that it is known by, and
 * its certificate holds at least as well as before.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { RecordedAttempt } from '../attempt/record-attempt.ts';
import type { VerdictCode } from '../attempt/verdict.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import type { GoldenUnit } from './golden-unit.ts';

interface GoldenVerdict {
  readonly verdict: 'passed' | 'failed';
  readonly code: VerdictCode;
  readonly detail?: string;
}

/** @param alongside is done in the same transaction */
export function recordGoldenCheck(
  core: StationCore,
  attempt: Attempt,
  unit: GoldenUnit,
  alongside?: () => void,
): RecordedAttempt {
  return core.ledger.transaction(() => {
    alongside?.();
    const { finding } = attempt;
    const judged = judgeGoldenUnit(finding, unit);
    const { at } = core.clock.read();
    const personId = attempt.personId ?? personOf(core.ledger, attempt.account, at);
    const ekSha256 = 'key' in finding ? finding.key?.ekSha256 : undefined;
    const status = 'certificate' in finding ? finding.certificate?.status : undefined;
    const auditIndex = core.audit.append(core.identity, personId, {
      type: 'golden-check',
      data: {
        checkId: attempt.harvestId,
        serial: unit.serial,
        product: attempt.product.name,
        fixture: attempt.fixture,
        bridge: attempt.bridge,
        ...judged,
        ...(ekSha256 === undefined ? {} : { ekSha256 }),
        ...(unit.ekSha256 === undefined ? {} : { ekSha256Expected: unit.ekSha256 }),
        possession: 'possession' in finding ? finding.possession : 'not-tested',
        ...(status === undefined ? {} : { certificate: { status } }),
        warnings: [...finding.warnings],
        durationMs: attempt.durationMs,
      },
    });
    const { outcome: _outcome, ...evidence } = finding;
    core.ledger.goldenChecks.insert({
      check_id: attempt.harvestId,
      at,
      fixture: attempt.fixture,
      serial: unit.serial,
      product: attempt.product.name,
      person_id: personId,
      verdict: judged.verdict,
      code: judged.code,
      ek_sha256: ekSha256 ?? null,
      certificate_status: status ?? null,
      duration_ms: Math.round(attempt.durationMs),
      evidence: JSON.stringify(evidence),
      log_id: core.identity.logId,
      audit_index: auditIndex,
    });
    return { ...judged, auditIndex, recordedAt: at };
  });
}

function judgeGoldenUnit(finding: Attempt['finding'], unit: GoldenUnit): GoldenVerdict {
  if (finding.outcome === 'imported') throw new Error('a reference unit is tested, not imported');
  if (finding.outcome !== 'read') return { verdict: 'failed', code: finding.code, detail: finding.detail };
  const { ekSha256 } = finding.key;
  const short = (digest: string) => `SHA-256 ${digest.slice(0, 16)}…`;
  if (unit.ekSha256 !== undefined && ekSha256 !== unit.ekSha256)
    return {
      verdict: 'failed',
      code: 'golden-key-differs',
      detail: `the key is ${short(ekSha256)}, and the unit is known by ${short(unit.ekSha256)}`,
    };
  const status = finding.certificate?.status ?? 'absent';
  const wasVerified = unit.certificateStatus === 'verified' && status !== 'verified';
  if (wasVerified || status === 'untrusted' || status === 'mismatch')
    return {
      verdict: 'failed',
      code: 'golden-certificate',
      detail: `the certificate is ${status}${wasVerified ? ', and was verified before' : ''}`,
    };
  return { verdict: 'passed', code: 'golden-passed' };
}
