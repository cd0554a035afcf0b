/**
 * Single enrollments and groups as DPS treats them (dps service API 2021-10-01): PUT without If-Match creates and never
 * overwrites, PUT with If-Match updates, DELETE and the attestation mechanism. Every path's id and every body is
 * untrusted.
 */
import { settleAttestation } from './attestation.ts';
import { type EnrollmentKind, idOf, judgeId, shownRecord } from './enrollment-kind.ts';
import type { SentEnrollment } from './enrollment-shape.ts';
import { type Precondition, readPrecondition, tagFits } from './entity-tag.ts';
import type { EnrollmentRecord } from './record-table.ts';
import {
  enrollmentExists,
  enrollmentNotFound,
  invalidArgument,
  preconditionFailed,
  Refusal,
} from './refusal.ts';
import type { Store } from './store.ts';

export function putEnrollment(
  kind: EnrollmentKind,
  store: Store,
  pathId: string,
  ifMatch: string | undefined,
  body: unknown,
): EnrollmentRecord | Refusal {
  const sent = kind.read(body);
  if (sent instanceof Refusal) return sent;
  if (idOf(kind, sent).toLowerCase() !== pathId.toLowerCase()) {
    return invalidArgument(`The ${kind.idMember} of the body is not the one of the path.`);
  }
  const precondition = readPrecondition(ifMatch);
  return precondition.kind === 'none'
    ? createEnrollment(kind, store, sent)
    : updateEnrollment(kind, store, sent, precondition);
}

/** Creates it; 409201 where one is there, which is noted and stays as it is. */
export function createEnrollment(
  kind: EnrollmentKind,
  store: Store,
  sent: SentEnrollment,
): EnrollmentRecord | Refusal {
  const id = idOf(kind, sent);
  const table = kind.table(store);
  const attestation = settleAttestation(sent.attestation, kind.certificateMember, undefined);
  if (attestation instanceof Refusal) return attestation;
  if (table.get(id) === undefined) return table.create(id, { ...sent, attestation });
  table.noteRepeatedCreate(id);
  return enrollmentExists();
}

/** Replaces what is there where the precondition fits it. */
export function updateEnrollment(
  kind: EnrollmentKind,
  store: Store,
  sent: SentEnrollment,
  precondition: Precondition,
): EnrollmentRecord | Refusal {
  const id = idOf(kind, sent);
  const previous = kind.table(store).get(id);
  const attestation = settleAttestation(sent.attestation, kind.certificateMember, previous?.attestation);
  if (attestation instanceof Refusal) return attestation;
  const refusal = judgePrecondition(precondition, previous);
  if (refusal) return refusal;
  if (previous === undefined) return enrollmentNotFound();
  return kind.table(store).overwrite(id, previous, { ...sent, attestation });
}

export function getEnrollment(kind: EnrollmentKind, store: Store, pathId: string): object | Refusal {
  const record = storedEnrollment(kind, store, pathId);
  return record instanceof Refusal
    ? record
    : { ...shownRecord(record), ...kind.addition(store, idOf(kind, record)) };
}

export function deleteEnrollment(
  kind: EnrollmentKind,
  store: Store,
  id: string,
  etag: string | undefined,
): Refusal | undefined {
  const refusal = judgeId(kind, id) ?? judgePrecondition(readPrecondition(etag), kind.table(store).get(id));
  if (refusal) return refusal;
  store.inTransaction(() => {
    kind.table(store).remove(id);
    kind.removeRegistrations(store, id);
  });
  return undefined;
}

/** With the keys and certificates that GET leaves out. */
export function getAttestationMechanism(
  kind: EnrollmentKind,
  store: Store,
  pathId: string,
): object | Refusal {
  const record = storedEnrollment(kind, store, pathId);
  return record instanceof Refusal ? record : record.attestation;
}

/** Whether an If-Match, or a bulk item's etag, lets the change to what is stored happen. */
export function judgePrecondition(
  precondition: Precondition,
  previous: { readonly etag: string } | undefined,
): Refusal | undefined {
  if (precondition.kind === 'malformed') return invalidArgument('ETag is invalid');
  if (previous === undefined) return enrollmentNotFound();
  if (precondition.kind === 'tag' && !tagFits(precondition.tag, previous.etag)) return preconditionFailed();
  return undefined;
}

function storedEnrollment(kind: EnrollmentKind, store: Store, id: string): EnrollmentRecord | Refusal {
  return judgeId(kind, id) ?? kind.table(store).get(id) ?? enrollmentNotFound();
}
