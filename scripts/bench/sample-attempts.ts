/** Attempts as a line makes them, each with an EK of its own: well-formed to the last byte, their keys random. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { deriveRegistrationId } from '../../src/enrollment/registration-id.ts';
import type { Attempt } from '../../src/station/attempt/attempt.ts';
import type { ProductConfiguration } from '../../src/station/configuration/configuration.ts';

/** TPM2B_PUBLIC of TCG EK Credential Profile template L-1 up to the modulus: RSA 2048, SHA-256, policy A. */
const L1_HEAD = Buffer.from(
  '013a0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa' +
    '00060080004300100800000000000100',
  'hex',
);
const MODULUS_BYTES = 256;
/** As of an EK certificate that swtpm_localca makes. */
const CERTIFICATE_BYTES = 1016;

export function sampleAttempts(count: number, product: ProductConfiguration): readonly Attempt[] {
  return Array.from({ length: count }, (_, index) => sampleAttempt(index, product));
}

function sampleAttempt(index: number, product: ProductConfiguration): Attempt {
  const ek = Buffer.concat([L1_HEAD, randomBytes(MODULUS_BYTES)]);
  const certificate = randomBytes(CERTIFICATE_BYTES);
  return {
    harvestId: randomUUID(),
    serial: `BENCH-${String(index).padStart(8, '0')}`,
    product,
    workOrder: 'WO-2026-0001',
    fixture: 'F1',
    bridge: 'swtpm',
    account: 'os:bench',
    statedOperator: null,
    durationMs: 1234,
    finding: {
      outcome: 'read',
      tpm: {
        manufacturerId: '49424D00',
        manufacturer: 'IBM',
        vendor: 'SW   TPM',
        firmware: '8217.4131.18.13878',
        family: '2.0',
        revision: '1.64',
      },
      key: {
        endorsementKey: ek.toString('base64'),
        ekSha256: createHash('sha256').update(ek).digest('hex'),
        registrationId: deriveRegistrationId(ek),
        ekTemplate: 'L-1',
        source: 'persisted',
      },
      certificate: {
        status: 'unchecked',
        nvIndex: '0x01c00002',
        der: certificate.toString('base64'),
        sha256: createHash('sha256').update(certificate).digest('hex'),
        subject: 'CN=unknown',
        issuer: 'CN=swtpm-localca',
        notAfter: '2036-11-21T00:00:00Z',
      },
      possession: 'proved',
      warnings: ['certificate-unchecked', 'simulator'],
    },
  };
}
