/**
 * Single enrollments as DPS treats them (dps service API 2021-10-01, Individual Enrollment): PUT without If-Match creates
 * and never overwrites, PUT with If-Match updates, DELETE and the attestation mechanism. Every path's id and every body
 * is untrusted.
 */
import { isRegistrationId, readEnrollment } from './enrollment-shape.ts';
import type { EnrollmentRecord, EnrollmentStore } from './enrollment-store.ts';
import { type Precondition, readPrecondition, tagFits } from './entity-tag.ts';
import {
  enrollmentExists,
  enrollmentNotFound,
  invalidArgument,
  preconditionFailed,
  Refusal,
} from './refusal.ts';

export function putEnrollment(
  store: EnrollmentStore,
  pathId: string,
  ifMatch: string | undefined,
  body: unknown,
): EnrollmentRecord | Refusal {
  const fields = readEnrollment(body);
  if (fields instanceof Refusal) return fields;
  if (fields.registrationId.toLowerCase() !== pathId.toLowerCase()) {
    return invalidArgument('The registrationId of the body is not the one of the path.');
  }
  const previous = store.get(pathId);
  const precondition = readPrecondition(ifMatch);
  if (precondition.kind === 'none') {
    if (previous === undefined) return store.create(fields);
    store.noteRepeatedCreate(previous.registrationId);
    return enrollmentExists();
  }
  const refusal = judgePrecondition(precondition, previous);
  if (refusal) return refusal;
  return previous === undefined ? enrollmentNotFound() : store.overwrite(previous, fields);
}

/** The record with the registration state that a device has before it ever registered. */
export function getEnrollment(store: EnrollmentStore, pathId: string): object | Refusal {
  if (!isRegistrationId(pathId)) return invalidArgument('Invalid RegistrationId');
  const record = store.get(pathId);
  if (record === undefined) return enrollmentNotFound();
  return { ...record, registrationState: { registrationId: record.registrationId, status: 'unassigned' } };
}

export function deleteEnrollment(
  store: EnrollmentStore,
  pathId: string,
  ifMatch: string | undefined,
): Refusal | undefined {
  if (!isRegistrationId(pathId)) return invalidArgument('Invalid RegistrationId');
  const previous = store.get(pathId);
  const refusal = judgePrecondition(readPrecondition(ifMatch), previous);
  if (refusal) return refusal;
  if (previous === undefined) return enrollmentNotFound();
  store.remove(previous.registrationId);
  return undefined;
}

export function getAttestationMechanism(store: EnrollmentStore, pathId: string): object | Refusal {
  if (!isRegistrationId(pathId)) return invalidArgument('Invalid RegistrationId');
  return store.get(pathId)?.attestation ?? enrollmentNotFound();
}

/** Whether an If-Match, or a bulk item's etag, lets the change to what is stored happen. */
export function judgePrecondition(
  precondition: Precondition,
  previous: EnrollmentRecord | undefined,
): Refusal | undefined {
  if (precondition.kind === 'malformed') return invalidArgument('ETag is invalid');
  if (previous === undefined) return enrollmentNotFound();
  if (precondition.kind === 'tag' && !tagFits(precondition.tag, previous.etag)) return preconditionFailed();
  return undefined;
}
