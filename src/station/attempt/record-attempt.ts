/**
 * One attempt becomes fact: the harvest, the device and outbox rows that follow from it, and the audit entry are one
 * ledger transaction, and the duplicate rule is decided inside it (rules H4, H6, O1). When this returns, it is on disk
 * (rule H5).
 */
import type { OutboxRow } from '../../../db/rows.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { addDevice, certificateColumns } from './add-device.ts';
import type { Attempt } from './attempt.ts';
import { appendEvidence } from './attempt-evidence.ts';
import { type Judged, judgeAttempt } from './judge-attempt.ts';
import type { VerdictCode } from './verdict.ts';

export interface RecordedAttempt {
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: VerdictCode;
  readonly detail?: string;
  readonly registrationId?: string;
  readonly deviceId?: string;
  /** The serial that the ledger has for this key, or that this serial's key has. */
  readonly otherSerial?: string;
  /** The device was imported without a serial and has this one now. */
  readonly namesSerial?: boolean;
  readonly enrollment?: {
    readonly entryId: string;
    readonly state: string;
    readonly dpsHost: string | null;
    readonly idScope: string | null;
  };
  readonly auditIndex: number;
  /** Epoch milliseconds, read just before the commit. */
  readonly recordedAt: number;
}

/** @param alongside is done in the same transaction */
export function recordAttempt(core: StationCore, attempt: Attempt, alongside?: () => void): RecordedAttempt {
  return core.ledger.transaction(() => {
    alongside?.();
    return recordInTransaction(core, attempt, judgeAttempt(core, attempt));
  });
}

/** For several attempts in one transaction: `judged` was said in the same one. */
export function recordInTransaction(core: StationCore, attempt: Attempt, judged: Judged): RecordedAttempt {
  const now = core.clock.read().at;
  const personId = attempt.personId ?? personOf(core.ledger, attempt.account, now);
  const auditIndex = appendEvidence(core, attempt, judged, personId);
  insertHarvest(core, attempt, judged, personId, auditIndex, now);
  const { deviceId, enrollment } = judged.makesDevice
    ? insertDevice(core, attempt, judged)
    : { deviceId: judged.deviceId, enrollment: enrollmentOf(core, judged.deviceId) };
  if (judged.verdict === 'retest') judgeCertificateAgain(core, attempt, judged.deviceId);
  if (judged.namesSerial && judged.deviceId && attempt.serial !== null)
    core.ledger.devices.nameSerial(judged.deviceId, attempt.serial);
  return {
    verdict: judged.verdict,
    code: judged.code,
    ...(judged.detail === undefined ? {} : { detail: judged.detail }),
    ...(judged.registrationId === undefined ? {} : { registrationId: judged.registrationId }),
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(judged.otherSerial === undefined ? {} : { otherSerial: judged.otherSerial }),
    ...(judged.namesSerial ? { namesSerial: true } : {}),
    ...(enrollment ? { enrollment } : {}),
    auditIndex,
    recordedAt: now,
  };
}

function insertHarvest(
  core: StationCore,
  attempt: Attempt,
  judged: Judged,
  personId: string,
  auditIndex: number,
  now: number,
): void {
  const { finding } = attempt;
  const { outcome: _outcome, ...evidence } = finding;
  core.ledger.harvests.insert({
    harvest_id: attempt.harvestId,
    at: now,
    origin: finding.outcome === 'imported' ? 'imported' : 'harvested',
    serial: attempt.serial,
    product: attempt.product.name,
    work_order: attempt.workOrder,
    fixture: attempt.fixture,
    person_id: personId,
    stated_operator: attempt.statedOperator,
    verdict: judged.verdict,
    code: judged.code,
    ek_sha256: ('key' in finding && finding.key?.ekSha256) || null,
    registration_id: judged.registrationId ?? null,
    duration_ms: Math.round(attempt.durationMs),
    evidence: JSON.stringify(evidence),
    log_id: core.identity.logId,
    audit_index: auditIndex,
  });
}

function insertDevice(
  core: StationCore,
  attempt: Attempt,
  judged: Judged,
): { readonly deviceId: string; readonly enrollment: RecordedAttempt['enrollment'] } {
  const { finding } = attempt;
  if (finding.outcome !== 'read' && finding.outcome !== 'imported')
    throw new Error('only a read key makes a device');
  const { device, entry } = addDevice(core, {
    harvestId: attempt.harvestId,
    origin: finding.outcome === 'imported' ? 'imported' : 'harvested',
    serial: attempt.serial,
    product: attempt.product,
    workOrder: attempt.workOrder,
    registrationId: judged.registrationId!,
    dpsDeviceId: judged.dpsDeviceId,
    key: finding.key,
    certificate: finding.outcome === 'read' ? finding.certificate : undefined,
    ...judged.carried,
  });
  return { deviceId: device.device_id, enrollment: enrollmentView(entry) };
}

/** A device in debt gets out of it, or a verdict that is newer, by being harvested again. */
function judgeCertificateAgain(core: StationCore, attempt: Attempt, deviceId: string | undefined): void {
  if (attempt.finding.outcome !== 'read' || deviceId === undefined) return;
  // What says nothing of revocation does not lift one.
  const isRevoked = core.ledger.devices.get(deviceId)?.certificate_status === 'revoked';
  if (isRevoked && attempt.finding.certificate.revocation !== undefined) return;
  core.ledger.devices.judgeCertificate(
    deviceId,
    certificateColumns(attempt.product, attempt.finding.certificate),
  );
}

function enrollmentOf(core: StationCore, deviceId: string | undefined): RecordedAttempt['enrollment'] {
  const row = deviceId === undefined ? undefined : core.ledger.outbox.ofDevice(deviceId).at(-1);
  return row && enrollmentView(row);
}

function enrollmentView(row: OutboxRow): NonNullable<RecordedAttempt['enrollment']> {
  return { entryId: row.entry_id, state: row.state, dpsHost: row.dps_host, idScope: row.id_scope };
}
