/**
 * The individual enrollment that Keyline creates in DPS (service API 2021-10-01) for one harvested or imported key.
 * Serial, station id and harvest id travel in it, so that an enrollment found later can be told ours or not (rule O2).
 */
import type { EnrollmentDocument } from '../dps/service.ts';

/** What a product's template says of every enrollment. */
export interface EnrollmentTemplate {
  readonly initialTwin?: EnrollmentDocument['initialTwin'] | undefined;
  readonly capabilities?: EnrollmentDocument['capabilities'] | undefined;
  readonly reprovisionPolicy?: EnrollmentDocument['reprovisionPolicy'] | undefined;
  readonly allocationPolicy?: EnrollmentDocument['allocationPolicy'] | undefined;
  readonly iotHubs?: EnrollmentDocument['iotHubs'] | undefined;
}

export interface EnrollmentDocumentInput {
  readonly product: EnrollmentTemplate;
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
    ...templateMembers(product),
    provisioningStatus: 'enabled',
  };
}

const members = ['initialTwin', 'capabilities', 'reprovisionPolicy', 'allocationPolicy', 'iotHubs'] as const;

/** Those members of an enrollment that the template names. */
export function templateMembers(template: EnrollmentTemplate): Partial<EnrollmentDocument> {
  return Object.fromEntries(
    members.flatMap(member => (template[member] === undefined ? [] : [[member, template[member]]])),
  );
}
