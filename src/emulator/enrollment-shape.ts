/**
 * The shape of an IndividualEnrollment as a client may send it (OpenAPI 2021-10-01) and the rules that DPS puts on it.
 * Explicit nulls count as absent; members that the API does not know are dropped; read-only members are ignored. Twin
 * collections are kept as they are. Everything here is untrusted.
 */
import { z } from 'zod';
import { isEndorsementKey } from './endorsement-key.ts';
import { invalidArgument, type Refusal } from './refusal.ts';

const twinCollection = z.custom<Record<string, unknown>>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const attestation = z.object({
  type: z.enum(['none', 'tpm', 'x509', 'symmetricKey']),
  tpm: z.object({ endorsementKey: z.string(), storageRootKey: z.string().nullish() }).nullish(),
});

const individualEnrollment = z.object({
  registrationId: z.string(),
  deviceId: z.string().nullish(),
  optionalDeviceInformation: twinCollection.nullish(),
  attestation,
  capabilities: z.object({ iotEdge: z.boolean() }).nullish(),
  iotHubHostName: z.string().nullish(),
  initialTwin: z
    .object({
      tags: twinCollection.nullish(),
      properties: z.object({ desired: twinCollection.nullish() }).nullish(),
    })
    .nullish(),
  provisioningStatus: z.enum(['enabled', 'disabled']).nullish(),
  reprovisionPolicy: z.object({ updateHubAssignment: z.boolean(), migrateDeviceData: z.boolean() }).nullish(),
  allocationPolicy: z.enum(['hashed', 'geoLatency', 'static', 'custom']).nullish(),
  iotHubs: z.array(z.string()).nullish(),
  customAllocationDefinition: z.object({ webhookUrl: z.string(), apiVersion: z.string() }).nullish(),
});

/** What is stored of an enrollment; etag and times are the store's. */
export interface EnrollmentFields {
  readonly registrationId: string;
  readonly provisioningStatus: 'enabled' | 'disabled';
  readonly attestation: {
    readonly type: 'tpm';
    readonly tpm: { readonly endorsementKey: string; readonly storageRootKey?: string };
  };
  readonly [member: string]: unknown;
}

/** Reads and judges one enrollment; 400004 with the reason where DPS would refuse it. */
export function readEnrollment(value: unknown): EnrollmentFields | Refusal {
  const parsed = individualEnrollment.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'enrollment';
    return invalidArgument(`Invalid enrollment: ${where}: ${issue?.message ?? 'wrong shape'}`);
  }
  const sent = parsed.data;
  if (!isRegistrationId(sent.registrationId)) return invalidArgument('Invalid RegistrationId');
  if (sent.deviceId != null && !isDeviceId(sent.deviceId)) return invalidArgument('Invalid DeviceId');
  if (sent.attestation.type !== 'tpm') {
    return invalidArgument('The emulator takes TPM attestation only.');
  }
  const tpm = sent.attestation.tpm;
  if (tpm == null || !isEndorsementKey(tpm.endorsementKey)) {
    return invalidArgument('Endorsement key is invalid, or does not match the Enrollment.');
  }
  if (sent.iotHubs != null && sent.iotHubs.length > 0 && sent.allocationPolicy == null) {
    return invalidArgument('Enrollment allocationPolicy must be specified when iotHubs are specified.');
  }
  if (sent.allocationPolicy === 'custom' && sent.customAllocationDefinition == null) {
    return invalidArgument(
      'Enrollment customAllocationDefinition must be specified when allocationPolicy is custom.',
    );
  }
  return withoutNulls({
    ...sent,
    provisioningStatus: sent.provisioningStatus ?? 'enabled',
    attestation: { type: 'tpm', tpm: withoutNulls(tpm) },
    initialTwin:
      sent.initialTwin &&
      withoutNulls({
        ...sent.initialTwin,
        properties: sent.initialTwin.properties && withoutNulls(sent.initialTwin.properties),
      }),
  }) as unknown as EnrollmentFields;
}

/** Up to 128 of letters, digits and `- . _ :`, with a letter, a digit or a dash at the end and no special at the start. */
export function isRegistrationId(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,126}[A-Za-z0-9-])?$/.test(text);
}

/** Up to 128 ASCII characters of IoT Hub's set; case counts. */
function isDeviceId(text: string): boolean {
  return /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/.test(text);
}

/** DPS leaves null members out of its answers. */
function withoutNulls<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member != null)) as Partial<T>;
}
