/**
 * Every operation of the service API (OpenAPI `service.json` 2021-10-01): its method and path, the right that it needs and
 * what it does. Paths are matched without regard to case, because Microsoft's own SDK spells `enrollmentgroups`.
 */
import type { Right } from './access-policies.ts';
import { bulkItems, runBulkOperation } from './bulk-enrollment.ts';
import { type EnrollmentKind, group, individual, shownRecord } from './enrollment-kind.ts';
import { deleteEnrollment, getAttestationMechanism, getEnrollment, putEnrollment } from './enrollments.ts';
import { answerPage, judgeQuery } from './paging.ts';
import { headerOf, type ReceivedRequest } from './received-request.ts';
import { Refusal } from './refusal.ts';
import { deleteRegistration, getRegistration, queryRegistrations } from './registrations.ts';
import { type Answer, answer } from './reply.ts';
import type { Store } from './store.ts';

export interface Call {
  readonly store: Store;
  readonly request: ReceivedRequest;
  /** The id in the path, '' where it has none. */
  readonly id: string;
  /** Parsed JSON; undefined for an operation without a body. */
  readonly body: unknown;
}

export interface Operation {
  readonly name: string;
  readonly method: string;
  /** The path; its group is the id, percent-encoded. */
  readonly path: RegExp;
  readonly right: Right;
  readonly takesBody: boolean;
  /** How many items the body carries, for a bulk operation. */
  readonly bulkItems?: (body: unknown) => number;
  run(call: Call): Answer | Refusal;
}

/** The operations on one kind of enrollment. */
function operationsOn<Name extends string>(
  kind: EnrollmentKind,
  root: string,
  names: Readonly<
    Record<'query' | 'bulk' | 'attestationMechanism' | 'createOrUpdate' | 'get' | 'delete', Name>
  >,
): (Operation & { readonly name: Name })[] {
  const one = new RegExp(`^/${root}/([^/]+)$`, 'i');
  return [
    {
      name: names.query,
      method: 'POST',
      path: new RegExp(`^/${root}/query$`, 'i'),
      right: 'EnrollmentRead',
      takesBody: true,
      run: call =>
        judgeQuery(call.body) ??
        answerPage(
          { ...pagingOf(call.request), query: kind.listMember, itemType: kind.itemType },
          (after, size) => kind.table(call.store).page(after, size),
          shownRecord,
        ),
    },
    {
      name: names.bulk,
      method: 'POST',
      path: new RegExp(`^/${root}/?$`, 'i'),
      right: 'EnrollmentWrite',
      takesBody: true,
      bulkItems: body => bulkItems(kind, body),
      run: call => ok(runBulkOperation(kind, call.store, call.body)),
    },
    {
      name: names.attestationMechanism,
      method: 'POST',
      path: new RegExp(`^/${root}/([^/]+)/attestationmechanism$`, 'i'),
      right: 'EnrollmentRead',
      takesBody: false,
      run: call => ok(getAttestationMechanism(kind, call.store, call.id)),
    },
    {
      name: names.createOrUpdate,
      method: 'PUT',
      path: one,
      right: 'EnrollmentWrite',
      takesBody: true,
      run: call =>
        ok(putEnrollment(kind, call.store, call.id, headerOf(call.request, 'if-match'), call.body)),
    },
    {
      name: names.get,
      method: 'GET',
      path: one,
      right: 'EnrollmentRead',
      takesBody: false,
      run: call => ok(getEnrollment(kind, call.store, call.id)),
    },
    {
      name: names.delete,
      method: 'DELETE',
      path: one,
      right: 'EnrollmentWrite',
      takesBody: false,
      run: call =>
        deleteEnrollment(kind, call.store, call.id, headerOf(call.request, 'if-match')) ?? answer(204),
    },
  ];
}

const registration = /^\/registrations\/([^/]+)$/i;

export const operations = [
  ...operationsOn(individual, 'enrollments', {
    query: 'query',
    bulk: 'bulk',
    attestationMechanism: 'attestationMechanism',
    createOrUpdate: 'createOrUpdate',
    get: 'get',
    delete: 'delete',
  }),
  ...operationsOn(group, 'enrollmentGroups', {
    query: 'queryGroups',
    bulk: 'bulkGroups',
    attestationMechanism: 'attestationMechanismOfGroup',
    createOrUpdate: 'createOrUpdateGroup',
    get: 'getGroup',
    delete: 'deleteGroup',
  }),
  {
    name: 'queryRegistrations',
    method: 'POST',
    path: /^\/registrations\/([^/]+)\/query$/i,
    right: 'RegistrationStatusRead',
    // Microsoft's SDK sends a query here, the API knows of none.
    takesBody: false,
    run: (call: Call) => queryRegistrations(call.store, call.id, pagingOf(call.request)),
  },
  {
    name: 'getRegistration',
    method: 'GET',
    path: registration,
    right: 'RegistrationStatusRead',
    takesBody: false,
    run: (call: Call) => ok(getRegistration(call.store, call.id)),
  },
  {
    name: 'deleteRegistration',
    method: 'DELETE',
    path: registration,
    right: 'RegistrationStatusWrite',
    takesBody: false,
    run: (call: Call) =>
      deleteRegistration(call.store, call.id, headerOf(call.request, 'if-match')) ?? answer(204),
  },
] as const satisfies readonly Operation[];

function pagingOf(request: ReceivedRequest) {
  return {
    maxItemCount: headerOf(request, 'x-ms-max-item-count'),
    continuation: headerOf(request, 'x-ms-continuation'),
  };
}

function ok(result: object | Refusal): Answer | Refusal {
  return result instanceof Refusal ? result : answer(200, result);
}
