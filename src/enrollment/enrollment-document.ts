/**
 * The individual enrollment that Keyline creates in DPS (service API 2021-10-01) for one harvested or imported key.
 * Serial, station id and harvest id travel in it, so that an enrollment found later can be told ours or not (rule O2).
 */
import type { EnrollmentDocument } from '../dps/service.ts';

export interface EnrollmentDocumentInput {
  readonly product: { readonly initialTwin?: Readonly<Record<string, unknown>> | undefined };
  /** Absent for an imported device whose file names none. */
  readonly serial?: string | undefined;
  readonly stationId: string;
  readonly harvestId: string;
  readonly registrationId: string;
  /** From the product's template; absent: DPS uses the registration id. */
  readonly deviceId?: string | undefined;
  /** Base64 of TPM2B_PUBLIC. */
  readonly endorsementKey: string;
}

export function makeEnrollmentDocument(input: EnrollmentDocumentInput): EnrollmentDocument {
  const { product, serial, stationId, harvestId, registrationId, deviceId, endorsementKey } = input;
  return {
    registrationId,
    ...(deviceId === undefined ? {} : { deviceId }),
    attestation: { type: 'tpm', tpm: { endorsementKey } },
    optionalDeviceInformation: { ...(serial === undefined ? {} : { serial }), stationId, harvestId },
    ...(product.initialTwin === undefined ? {} : { initialTwin: product.initialTwin }),
    provisioningStatus: 'enabled',
  };
}
