/**
 * What the ledger says to an attempt: duplicates (rule H6), ids (rule H3), and whether its work order is full. Reads only; what it says is true for as long
 * as the transaction that it is called in lasts.
 */
import type { EnrollmentDocument } from '../../dps/service.ts';
import { deviceNames } from '../devices/device-names.ts';
import { isGolden } from '../golden/golden-unit.ts';
import type { StationCore } from '../open-core.ts';
import { isFull } from '../work-orders.ts';
import type { Attempt } from './attempt.ts';
import { type DuplicateDecision, decideDuplicate, type KnownDevice } from './decide-duplicate.ts';
import type { VerdictCode } from './verdict.ts';

export interface Judged {
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: VerdictCode;
  readonly detail?: string;
  readonly registrationId?: string;
  readonly deviceId?: string;
  /** `deviceId` of the enrollment document, where the product's template gives one. */
  readonly dpsDeviceId?: string;
  readonly otherSerial?: string;
  readonly makesDevice?: boolean;
  /** The enrollment as another station made it, and the entry that it waits for; absent: by the product. */
  readonly carried?: {
    readonly document: EnrollmentDocument;
    readonly because?: string;
    readonly after?: string;
  };
  readonly namesSerial?: boolean;
}

/** What the ledger says to an attempt, without writing; true for as long as the transaction it is called in lasts. */
export function judgeAttempt(core: StationCore, attempt: Attempt): Judged {
  const { finding, product, serial } = attempt;
  if (finding.outcome === 'failed') return { verdict: 'failed', code: finding.code, detail: finding.detail };
  if (finding.outcome === 'refused')
    return { verdict: 'refused', code: finding.code, detail: finding.detail };
  const { ekSha256 } = finding.key;
  if (isGolden(core, serial, ekSha256))
    return {
      verdict: 'refused',
      code: 'golden-unit',
      detail: 'a reference unit is never recorded as a device',
    };
  const named = deviceNames(product, { registrationId: finding.key.registrationId, serial });
  const stated = finding.outcome === 'imported' ? finding.statedRegistrationId?.toLowerCase() : undefined;
  const ids = [finding.key.registrationId, ...(named.ok ? [named.registrationId] : [])];
  if (stated && !ids.includes(stated))
    return {
      verdict: 'refused',
      code: 'registration-id-differs',
      detail: `the file says ${stated.slice(0, 128)}`,
    };
  const byKey = knownDevice(core.ledger.devices.byEkSha256(ekSha256));
  const bySerial =
    serial === null ? undefined : knownDevice(core.ledger.devices.bySerial(serial, product.name));
  const decision = decideDuplicate({ serial, product: product.name, ekSha256 }, byKey, bySerial);
  if (decision.kind !== 'new') return judgeKnown(core, decision, finding);
  if (finding.outcome === 'imported' && product.certificate === 'require')
    return { verdict: 'refused', code: 'certificate-missing', detail: 'an import brings no certificate' };
  if (!named.ok) return { verdict: 'refused', code: 'registration-id-invalid', detail: named.detail };
  if (core.ledger.devices.byRegistrationId(named.registrationId))
    return { verdict: 'refused', code: 'registration-id-taken', detail: named.registrationId };
  if (isFull(core, attempt.workOrder))
    return { verdict: 'refused', code: 'work-order-full', detail: `work order ${attempt.workOrder}` };
  return {
    verdict: 'passed',
    code: 'passed',
    registrationId: named.registrationId,
    ...(named.deviceId === undefined ? {} : { dpsDeviceId: named.deviceId }),
    makesDevice: true,
    ...cameBack(core, ekSha256),
  };
}

/** A key that left service and is here again, as after a repair, is a new device that cites the old one; said, not hidden. */
function cameBack({ ledger }: StationCore, ekSha256: string): Pick<Judged, 'detail'> {
  const before = ledger.devices.lastRetiredByEkSha256(ekSha256);
  if (!before) return {};
  const day = new Date(before.retired_at!).toISOString().slice(0, 10);
  const name = `${before.serial ?? 'a device without a serial'} (product ${before.product})`;
  return { detail: `this key was ${name} and left service on ${day}: ${before.retired_reason}` };
}

function judgeKnown(
  core: StationCore,
  decision: Exclude<DuplicateDecision, { kind: 'new' }>,
  finding: Attempt['finding'],
): Judged {
  if (decision.kind === 'refused')
    return {
      verdict: 'refused',
      code: decision.code,
      detail: `the ledger has ${decision.other.serial ?? 'a device without a serial'} (product ${decision.other.product})`,
      ...(decision.code === 'serial-has-other-key' ? whichTpm(decision.other, finding) : {}),
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

/**
 * The run looked for the key that the ledger had for this serial when it began; only if that is still the one does its
 * answer count.
 */
function whichTpm(
  recorded: KnownDevice,
  finding: Attempt['finding'],
): Pick<Judged, 'code' | 'detail'> | undefined {
  const looked = 'recordedKey' in finding ? finding.recordedKey : undefined;
  if (looked?.ekSha256 !== recorded.ekSha256 || looked.foundAt === 'unknown') return undefined;
  const recordedKey = `the recorded key (SHA-256 ${recorded.ekSha256.slice(0, 16)}…)`;
  return looked.foundAt === 'none'
    ? {
        code: 'other-tpm',
        detail: `${recordedKey} is nowhere in this TPM: a swapped board, or a TPM that its firmware reset`,
      }
    : { code: 'same-tpm-other-key', detail: `this TPM also holds ${recordedKey}: ${looked.foundAt}` };
}

export function knownDevice(
  row: ReturnType<StationCore['ledger']['devices']['get']>,
): KnownDevice | undefined {
  return (
    row && { deviceId: row.device_id, serial: row.serial, product: row.product, ekSha256: row.ek_sha256 }
  );
}
