/** A certificate that is not for the endorsement key that was read (rules H8, H9). */
import type { ReadCertificate } from './finding.ts';
import type { HarvestRun } from './harvest-run.ts';
import { certifiedL1Key } from './other-keys.ts';
import type { DeviceKeyChoice, RawEndorsementKey } from './read-endorsement-key.ts';
import { Refusal } from './refusal.ts';

/**
 * A certificate for another key refuses the device. Only a product that enrols the SDKs' own key, which
 * no maker certifies, goes on, and only where the certificate is for this TPM's L-1 key; it stays a certificate debt.
 */
export async function explainMismatch(
  run: HarvestRun,
  raw: RawEndorsementKey,
  certificate: ReadCertificate,
  choice: DeviceKeyChoice | undefined,
): Promise<ReadCertificate> {
  const der = Buffer.from(certificate.der ?? '', 'base64');
  const certified = raw.madeFrom === 'L-1' ? undefined : await certifiedL1Key(run, der);
  if (certified === undefined) {
    throw new Refusal('certificate-mismatch', certificate.detail ?? 'the certificate is for another key');
  }
  const detail = `the maker certified the L-1 key of this TPM (SHA-256 ${certified.slice(0, 16)}…)`;
  if (choice === 'sdk-empty-unique') {
    return { ...certificate, detail: `${detail}; enrolled is the key that Microsoft's SDKs make` };
  }
  throw new Refusal(
    'certificate-mismatch',
    `${detail}, but Microsoft's SDKs will present the other one at 0x81010001: persist the L-1 key there, or set ` +
      'deviceKey to L-1 for devices whose software makes that key',
  );
}
