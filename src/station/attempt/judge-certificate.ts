/**
 * The EK certificate of a finished run, judged by the plant's trust store and the product's policy (rule H8). What is
 * not verified passes with a warning, and is certificate debt, or is refused where the product requires it. A revoked one is
 * refused by its maker's word, whatever the product requires; what only a list or a date leaves open never is (rule O7).
 */
import type {
  CertificateFinding,
  CertificateStatus,
  Finding,
  TpmIdentity,
  WarningCode,
} from '../../harvest/finding.ts';
import { makerDiffers, readTpmAttributes } from '../../trust/tpm-attributes.ts';
import type { ClockReading } from '../clock/station-clock.ts';
import type { CertificatePolicy, RevocationPolicy } from '../configuration/configuration.ts';
import type { CertificateRefusal } from './attempt.ts';
import { judgeFitting, REVOCATION_UNKNOWN } from './judge-fitting.ts';
import type { PlantTrust } from './plant-trust.ts';

export interface CertificateCircumstances {
  readonly policy: CertificatePolicy;
  /** Absent: `warn`. */
  readonly revocation?: RevocationPolicy | undefined;
  readonly trust: Pick<PlantTrust, 'store'>;
  readonly clock: Pick<ClockReading, 'at' | 'clock'>;
}

const refusals: Readonly<Record<CertificateStatus, CertificateRefusal['code'] | undefined>> = {
  verified: undefined,
  untrusted: 'certificate-untrusted',
  revoked: 'certificate-revoked',
  absent: 'certificate-missing',
  unreadable: 'certificate-not-readable',
  unchecked: 'certificate-not-checked',
  mismatch: 'certificate-mismatch',
};

type ReadFinding = Extract<Finding, { outcome: 'read' }>;

/** What was not read to its end, or is not to be judged, comes back as it is. */
export function judgeCertificate(
  finding: Finding,
  { policy, revocation = 'warn', trust, clock }: CertificateCircumstances,
): Finding | CertificateRefusal {
  if (finding.outcome !== 'read') return finding;
  // What the run had to say of the status is said anew.
  const { status } = finding.certificate;
  const warnings = new Set(finding.warnings.filter(code => code !== `certificate-${status}`));
  if (policy === 'off') return { ...finding, warnings: [...warnings] };
  const certificate = judged(finding.certificate, { revocation, trust, clock });
  const isOpen = certificate.status === 'unchecked' && certificate.rule !== undefined;
  const warning = warningOf(certificate);
  if (warning) warnings.add(warning);
  if (certificate.statedTpm && makerDiffers(certificate.statedTpm, finding.tpm.manufacturerId))
    warnings.add('certificate-maker-differs');
  const whole: ReadFinding = { ...finding, certificate, warnings: [...warnings] };
  const isRefused = certificate.status === 'revoked' || (policy === 'require' && !isOpen);
  const refusal = isRefused ? refusals[certificate.status] : undefined;
  if (refusal === undefined) return whole;
  return { ...whole, outcome: 'refused', code: refusal, detail: detailOf(whole) };
}

function judged(
  certificate: CertificateFinding,
  {
    revocation,
    trust,
    clock,
  }: Pick<CertificateCircumstances, 'trust' | 'clock'> & { revocation: RevocationPolicy },
): CertificateFinding {
  if (certificate.status !== 'unchecked' || certificate.der === undefined) return certificate;
  const der = Buffer.from(certificate.der, 'base64');
  const statedTpm = readTpmAttributes(der);
  const fitting = { ...certificate, ...(statedTpm ? { statedTpm } : {}) };
  const store = trust.store();
  if (store === undefined) return fitting;
  const { list: _, ...judgement } = judgeFitting(der, { store, revocation, clock });
  return { ...fitting, ...judgement };
}

function warningOf({ status, rule, revocation }: CertificateFinding): WarningCode | undefined {
  if (revocation !== undefined || rule === REVOCATION_UNKNOWN) return 'certificate-revocation-unknown';
  if (status === 'unchecked' && rule !== undefined) return 'certificate-date-unsure';
  // A refusal needs no warning.
  return status === 'verified' || status === 'mismatch' || status === 'revoked'
    ? undefined
    : `certificate-${status}`;
}

function detailOf({ certificate, tpm }: { certificate: CertificateFinding; tpm: TpmIdentity }): string {
  const { status, rule, detail } = certificate;
  if (status === 'revoked') return detail!;
  if (rule !== undefined) return `${rule}: ${detail}`;
  if (status === 'absent') return `the ${tpm.manufacturer} TPM holds no EK certificate`;
  return detail ?? 'this station has no trust store with an anchor';
}
