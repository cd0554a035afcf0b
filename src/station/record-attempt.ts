/**
 * One attempt becomes fact: the harvest, the device and outbox rows that follow from it, and the audit entry are one
 * ledger transaction, and the duplicate rule is decided inside it (rules H4, H6, O1). When this returns, it is on disk
 * (rule H5).
 */
import { randomUUID } from 'node:crypto';
import { makeEnrollmentDocument } from '../enrollment/enrollment-document.ts';
import type { Finding, WarningCode } from '../harvest/finding.ts';
import type { TctiName } from '../tcti/tcti.ts';
import type { ProductConfiguration } from './configuration.ts';
import { type DuplicateDecision, decideDuplicate, type KnownDevice } from './decide-duplicate.ts';
import { deviceNames } from './device-names.ts';
import type { StationCore } from './open-core.ts';
import { personOf } from './people.ts';
import type { SerialRefusalCode, VerdictCode } from './verdict.ts';

/** A serial that was refused before any device was touched. */
export interface SerialRefusal {
  readonly outcome: 'refused';
  readonly code: SerialRefusalCode;
  readonly detail: string;
  readonly warnings: readonly WarningCode[];
}

/** What an import knows: an EK, and nothing about the TPM that holds it. */
export interface ImportedKey {
  readonly outcome: 'imported';
  readonly key: {
    readonly endorsementKey: string;
    readonly ekSha256: string;
    readonly registrationId: string;
    readonly ekTemplate: string;
  };
  /** As the file has it; must be the one that Keyline derives (rule H3). */
  readonly statedRegistrationId: string | null;
  readonly warnings: readonly WarningCode[];
}

export interface Attempt {
  readonly harvestId: string;
  readonly serial: string | null;
  readonly product: ProductConfiguration;
  readonly workOrder: string | null;
  readonly fixture: string | null;
  /** The kind of bridge; its address is the plant's and stays out of the audit. */
  readonly bridge: TctiName | null;
  readonly account: string;
  readonly statedOperator: string | null;
  readonly durationMs: number;
  readonly finding: Finding | SerialRefusal | ImportedKey;
}

export interface RecordedAttempt {
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: VerdictCode;
  readonly detail?: string;
  readonly registrationId?: string;
  readonly deviceId?: string;
  /** The serial that the ledger has for this key, or that this serial's key has. */
  readonly otherSerial?: string;
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

export function recordAttempt(core: StationCore, attempt: Attempt): RecordedAttempt {
  return core.ledger.transaction(() => {
    const judged = judgeAttempt(core, attempt);
    const now = core.clock.read().at;
    const personId = personOf(core.ledger, attempt.account, now);
    const auditIndex = appendEvidence(core, attempt, judged, personId);
    insertHarvest(core, attempt, judged, personId, auditIndex, now);
    const enrollment = judged.makesDevice
      ? insertDevice(core, attempt, judged, now)
      : enrollmentOf(core, judged.deviceId);
    if (judged.namesSerial && judged.deviceId && attempt.serial !== null)
      core.ledger.devices.nameSerial(judged.deviceId, attempt.serial);
    return {
      verdict: judged.verdict,
      code: judged.code,
      ...(judged.detail === undefined ? {} : { detail: judged.detail }),
      ...(judged.registrationId === undefined ? {} : { registrationId: judged.registrationId }),
      ...(judged.deviceId === undefined ? {} : { deviceId: judged.deviceId }),
      ...(judged.otherSerial === undefined ? {} : { otherSerial: judged.otherSerial }),
      ...(enrollment ? { enrollment } : {}),
      auditIndex,
      recordedAt: now,
    };
  });
}

export interface Judged {
  readonly verdict: RecordedAttempt['verdict'];
  readonly code: VerdictCode;
  readonly detail?: string;
  readonly registrationId?: string;
  readonly deviceId?: string;
  /** `deviceId` of the enrollment document, where the product's template gives one. */
  readonly dpsDeviceId?: string;
  readonly otherSerial?: string;
  readonly makesDevice?: boolean;
  readonly namesSerial?: boolean;
}

/** What the ledger says to an attempt, without writing; true for as long as the transaction it is called in lasts. */
export function judgeAttempt(core: StationCore, attempt: Attempt): Judged {
  const { finding, product, serial } = attempt;
  if (finding.outcome === 'failed') return { verdict: 'failed', code: finding.code, detail: finding.detail };
  if (finding.outcome === 'refused')
    return { verdict: 'refused', code: finding.code, detail: finding.detail };
  const { ekSha256 } = finding.key;
  const byKey = knownDevice(core.ledger.devices.byEkSha256(ekSha256));
  const bySerial =
    serial === null ? undefined : knownDevice(core.ledger.devices.bySerial(serial, product.name));
  const decision = decideDuplicate({ serial, product: product.name, ekSha256 }, byKey, bySerial);
  if (decision.kind !== 'new') return judgeKnown(core, decision);
  const named = deviceNames(product, { registrationId: finding.key.registrationId, serial });
  if (!named.ok) return { verdict: 'refused', code: 'registration-id-invalid', detail: named.detail };
  const stated = finding.outcome === 'imported' ? finding.statedRegistrationId?.toLowerCase() : undefined;
  if (stated && stated !== named.registrationId && stated !== finding.key.registrationId)
    return {
      verdict: 'refused',
      code: 'registration-id-differs',
      detail: `the file says ${stated.slice(0, 128)}`,
    };
  if (core.ledger.devices.byRegistrationId(named.registrationId))
    return { verdict: 'refused', code: 'registration-id-taken', detail: named.registrationId };
  return {
    verdict: 'passed',
    code: 'passed',
    registrationId: named.registrationId,
    ...(named.deviceId === undefined ? {} : { dpsDeviceId: named.deviceId }),
    deviceId: randomUUID(),
    makesDevice: true,
  };
}

function judgeKnown(core: StationCore, decision: Exclude<DuplicateDecision, { kind: 'new' }>): Judged {
  if (decision.kind === 'refused')
    return {
      verdict: 'refused',
      code: decision.code,
      detail: `the ledger has ${decision.other.serial ?? 'a device without a serial'} (product ${decision.other.product})`,
      ...(decision.other.serial === null ? {} : { otherSerial: decision.other.serial }),
    };
  const device = core.ledger.devices.get(decision.deviceId)!;
  return {
    verdict: 'retest',
    code: 'retest',
    deviceId: device.device_id,
    registrationId: device.registration_id,
    namesSerial: decision.kind === 'names-serial',
  };
}

function knownDevice(row: ReturnType<StationCore['ledger']['devices']['get']>): KnownDevice | undefined {
  return (
    row && { deviceId: row.device_id, serial: row.serial, product: row.product, ekSha256: row.ek_sha256 }
  );
}

function appendEvidence(core: StationCore, attempt: Attempt, judged: Judged, personId: string): number {
  const { finding } = attempt;
  const evidence = 'key' in finding ? finding.key : undefined;
  const common = {
    harvestId: attempt.harvestId,
    serial: attempt.serial,
    product: attempt.product.name,
    workOrder: attempt.workOrder,
    verdict: judged.verdict,
    code: judged.code,
    ...(judged.detail === undefined ? {} : { detail: judged.detail }),
    ...(judged.otherSerial === undefined ? {} : { otherSerial: judged.otherSerial }),
    ...(judged.registrationId === undefined ? {} : { registrationId: judged.registrationId }),
    ...(evidence
      ? {
          endorsementKey: evidence.endorsementKey,
          ekSha256: evidence.ekSha256,
          ekTemplate: evidence.ekTemplate,
        }
      : {}),
    warnings: [...finding.warnings],
    possession: 'not-tested' as const,
  };
  if (finding.outcome === 'imported')
    return core.audit.append(core.identity, personId, { type: 'import', data: common });
  const certificate = 'certificate' in finding ? finding.certificate : undefined;
  const tpm = 'tpm' in finding ? finding.tpm : undefined;
  return core.audit.append(core.identity, personId, {
    type: 'harvest',
    data: {
      ...common,
      fixture: attempt.fixture,
      bridge: attempt.bridge,
      ...(attempt.statedOperator === null ? {} : { statedOperator: true }),
      ...(tpm ? { tpm } : {}),
      ...(certificate
        ? {
            certificate: {
              status: certificate.status,
              ...(certificate.sha256 === undefined ? {} : { sha256: certificate.sha256 }),
            },
          }
        : {}),
      ...('responseCode' in finding && finding.responseCode !== undefined
        ? { responseCode: finding.responseCode }
        : {}),
      durationMs: attempt.durationMs,
    },
  });
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
  now: number,
): RecordedAttempt['enrollment'] {
  const { finding } = attempt;
  if (finding.outcome !== 'read' && finding.outcome !== 'imported')
    throw new Error('only a read key makes a device');
  const certificate = finding.outcome === 'read' ? finding.certificate : undefined;
  const registrationId = judged.registrationId!;
  core.ledger.devices.insert({
    device_id: judged.deviceId!,
    serial: attempt.serial,
    product: attempt.product.name,
    work_order: attempt.workOrder,
    origin: finding.outcome === 'imported' ? 'imported' : 'harvested',
    registration_id: registrationId,
    ek_sha256: finding.key.ekSha256,
    endorsement_key: Buffer.from(finding.key.endorsementKey, 'base64'),
    ek_template: finding.key.ekTemplate,
    certificate_status: certificate?.status ?? 'unchecked',
    certificate: certificate?.der === undefined ? null : Buffer.from(certificate.der, 'base64'),
    harvest_id: attempt.harvestId,
    created_at: now,
  });
  const document = makeEnrollmentDocument({
    product: attempt.product,
    serial: attempt.serial ?? undefined,
    stationId: core.identity.stationId,
    harvestId: attempt.harvestId,
    registrationId,
    deviceId: judged.dpsDeviceId,
    endorsementKey: finding.key.endorsementKey,
  });
  const entryId = randomUUID();
  const dpsHost = core.dpsTarget?.host ?? null;
  const idScope = core.dpsTarget?.idScope ?? null;
  core.ledger.outbox.insert({
    entry_id: entryId,
    device_id: judged.deviceId!,
    harvest_id: attempt.harvestId,
    registration_id: registrationId,
    document: JSON.stringify(document),
    dps_host: dpsHost,
    id_scope: idScope,
    state: 'queued',
    attempts: 0,
    not_before: 0,
    reason: null,
    detail: null,
    etag: null,
    created_at: now,
    sent_at: null,
    settled_at: null,
  });
  return { entryId, state: 'queued', dpsHost, idScope };
}

function enrollmentOf(core: StationCore, deviceId: string | undefined): RecordedAttempt['enrollment'] {
  const row = deviceId === undefined ? undefined : core.ledger.outbox.ofDevice(deviceId).at(-1);
  return row && { entryId: row.entry_id, state: row.state, dpsHost: row.dps_host, idScope: row.id_scope };
}
