/**
 * The shapes of an IndividualEnrollment and of an EnrollmentGroup as a client may send them (OpenAPI 2021-10-01) and the
 * rules that DPS puts on them. Explicit nulls count as absent; members that the API does not know are dropped; read-only
 * members are ignored. Twin collections are kept as they are. Everything here is untrusted.
 */
import { z } from 'zod';
import { type Attestation, type SentAttestation, sentAttestation } from './attestation.ts';
import { withoutNulls } from './members.ts';
import { invalidArgument, type Refusal } from './refusal.ts';

const twinCollection = z.custom<Record<string, unknown>>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/** What both kinds of enrollment carry. */
const common = {
  attestation: sentAttestation,
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
};

const individualEnrollment = z.object({
  registrationId: z.string(),
  deviceId: z.string().nullish(),
  optionalDeviceInformation: twinCollection.nullish(),
  ...common,
});

const enrollmentGroup = z.object({ enrollmentGroupId: z.string(), ...common });

/** What is stored of an enrollment; etag and times are the table's. */
export interface EnrollmentFields {
  readonly provisioningStatus: 'enabled' | 'disabled';
  readonly attestation: Attestation;
  readonly [member: string]: unknown;
}

/** An enrollment as it was sent, in order but for its attestation, which is judged against what is stored. */
export interface SentEnrollment {
  readonly provisioningStatus: 'enabled' | 'disabled';
  readonly attestation: SentAttestation;
  readonly [member: string]: unknown;
}

/** 400004 with the reason where DPS would refuse it. */
export function readIndividualEnrollment(value: unknown): SentEnrollment | Refusal {
  const parsed = individualEnrollment.safeParse(value);
  if (!parsed.success) return wrongShape(parsed.error);
  const sent = parsed.data;
  if (!isRegistrationId(sent.registrationId)) return invalidArgument('Invalid RegistrationId');
  if (sent.deviceId != null && !isDeviceId(sent.deviceId)) return invalidArgument('Invalid DeviceId');
  return judgeAllocation(sent) ?? withDefaults(sent);
}

/** 400004 with the reason where DPS would refuse it. */
export function readEnrollmentGroup(value: unknown): SentEnrollment | Refusal {
  const parsed = enrollmentGroup.safeParse(value);
  if (!parsed.success) return wrongShape(parsed.error);
  const sent = parsed.data;
  if (!isRegistrationId(sent.enrollmentGroupId)) return invalidArgument('Invalid EnrollmentGroupId');
  return judgeAllocation(sent) ?? withDefaults(sent);
}

type Common = z.infer<z.ZodObject<typeof common>>;

function wrongShape(error: z.ZodError): Refusal {
  const issue = error.issues[0];
  const where = issue?.path.join('.') || 'enrollment';
  return invalidArgument(`Invalid enrollment: ${where}: ${issue?.message ?? 'wrong shape'}`);
}

function judgeAllocation(sent: Common): Refusal | undefined {
  if (sent.iotHubs != null && sent.iotHubs.length > 0 && sent.allocationPolicy == null) {
    return invalidArgument('Enrollment allocationPolicy must be specified when iotHubs are specified.');
  }
  if (sent.allocationPolicy === 'custom' && sent.customAllocationDefinition == null) {
    return invalidArgument(
      'Enrollment customAllocationDefinition must be specified when allocationPolicy is custom.',
    );
  }
  return undefined;
}

function withDefaults(sent: Common): SentEnrollment {
  return withoutNulls({
    ...sent,
    provisioningStatus: sent.provisioningStatus ?? 'enabled',
    initialTwin:
      sent.initialTwin &&
      withoutNulls({
        ...sent.initialTwin,
        properties: sent.initialTwin.properties && withoutNulls(sent.initialTwin.properties),
      }),
  }) as unknown as SentEnrollment;
}

/** Up to 128 of letters, digits and `- . _ :`, with a letter, a digit or a dash at the end and no special at the start. */
export function isRegistrationId(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,126}[A-Za-z0-9-])?$/.test(text);
}

/** Up to 128 ASCII characters of IoT Hub's set; case counts. */
function isDeviceId(text: string): boolean {
  return /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/.test(text);
}
