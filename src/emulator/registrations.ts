/**
 * The service API's side of registration records (Device Registration State): read and delete one, and page through those
 * that came through an enrollment group. Ids and etags are untrusted.
 */

import { group, individual, judgeId } from './enrollment-kind.ts';
import { judgePrecondition } from './enrollments.ts';
import { readPrecondition } from './entity-tag.ts';
import { answerPage } from './paging.ts';
import { enrollmentNotFound, Refusal, registrationNotFound } from './refusal.ts';
import type { RegistrationRecord } from './registration-table.ts';
import type { Answer } from './reply.ts';
import type { Store } from './store.ts';

export function getRegistration(store: Store, id: string): RegistrationRecord | Refusal {
  return judgeId(individual, id) ?? store.registrations.get(id) ?? registrationNotFound();
}

export function deleteRegistration(
  store: Store,
  id: string,
  ifMatch: string | undefined,
): Refusal | undefined {
  const previous = getRegistration(store, id);
  if (previous instanceof Refusal) return previous;
  const refusal = judgePrecondition(readPrecondition(ifMatch), previous);
  if (refusal) return refusal;
  store.registrations.remove(id);
  return undefined;
}

/** @param groupId whose registrations; 404201 where there is no such group */
export function queryRegistrations(
  store: Store,
  groupId: string,
  paging: { readonly maxItemCount: string | undefined; readonly continuation: string | undefined },
): Answer | Refusal {
  const refusal = judgeId(group, groupId);
  if (refusal) return refusal;
  if (store.groups.get(groupId) === undefined) return enrollmentNotFound();
  return answerPage(
    { ...paging, query: `registrations of ${groupId.toLowerCase()}`, itemType: 'DeviceRegistration' },
    (after, size) => store.registrations.pageOfGroup(groupId, after, size),
    record => record,
  );
}
