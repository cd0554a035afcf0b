/**
 * The two kinds of enrollment, which the service API treats alike: individual enrollments (one device each) and enrollment
 * groups. Here is what tells them apart; `enrollments.ts`, `bulk-enrollment.ts` and `paging.ts` do the work for both.
 */
import { type CertificateMember, shownAttestation } from './attestation.ts';
import {
  isRegistrationId,
  readEnrollmentGroup,
  readIndividualEnrollment,
  type SentEnrollment,
} from './enrollment-shape.ts';
import type { ItemType } from './paging.ts';
import type { EnrollmentRecord, RecordTable } from './record-table.ts';
import { invalidArgument, type Refusal } from './refusal.ts';
import type { Store } from './store.ts';

export interface EnrollmentKind {
  readonly idMember: 'registrationId' | 'enrollmentGroupId';
  /** The member of a bulk request that holds the items. */
  readonly listMember: 'enrollments' | 'enrollmentGroups';
  readonly itemType: ItemType;
  readonly certificateMember: CertificateMember;
  table(store: Store): RecordTable;
  read(value: unknown): SentEnrollment | Refusal;
  /** What GET adds to the record. */
  addition(store: Store, id: string): object;
  /** What goes when the enrollment goes. */
  removeRegistrations(store: Store, id: string): void;
}

export const individual: EnrollmentKind = {
  idMember: 'registrationId',
  listMember: 'enrollments',
  itemType: 'Enrollment',
  certificateMember: 'clientCertificates',
  table: store => store.enrollments,
  read: readIndividualEnrollment,
  // The state that a device has before it ever registered is part of the answer too.
  addition: (store, registrationId) => ({
    registrationState: store.registrations.get(registrationId) ?? { registrationId, status: 'unassigned' },
  }),
  removeRegistrations: (store, id) => store.registrations.remove(id),
};

export const group: EnrollmentKind = {
  idMember: 'enrollmentGroupId',
  listMember: 'enrollmentGroups',
  itemType: 'EnrollmentGroup',
  certificateMember: 'signingCertificates',
  table: store => store.groups,
  read: readEnrollmentGroup,
  addition: () => ({}),
  removeRegistrations: (store, id) => store.registrations.removeOfGroup(id),
};

/** The id that a record of this kind carries, spelled as it was created. */
export function idOf(kind: EnrollmentKind, record: SentEnrollment | EnrollmentRecord): string {
  return String(record[kind.idMember]);
}

export function judgeId(kind: EnrollmentKind, id: string): Refusal | undefined {
  if (isRegistrationId(id)) return undefined;
  return invalidArgument(
    kind.idMember === 'registrationId' ? 'Invalid RegistrationId' : 'Invalid EnrollmentGroupId',
  );
}

/** A record as GET and queries show it. */
export function shownRecord(record: EnrollmentRecord): object {
  return { ...record, attestation: shownAttestation(record.attestation) };
}
