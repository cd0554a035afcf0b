/** What Keyline changes of an enrollment after it is made. */
import type { EnrollmentDocument } from '../dps/service.ts';

export const changedMembers = [
  'deviceId',
  'optionalDeviceInformation',
  'initialTwin',
  'capabilities',
  'provisioningStatus',
  'reprovisionPolicy',
  'allocationPolicy',
  'iotHubs',
] as const;

export type ChangedMember = (typeof changedMembers)[number];

/** What is to be so of an enrollment that is there; `null`: as if it were never set. A delete names no member. */
export type EnrollmentChange = Pick<EnrollmentDocument, 'registrationId' | 'attestation'> & {
  readonly [Member in ChangedMember]?: EnrollmentDocument[Member] | null;
};
