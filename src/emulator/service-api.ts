/**
 * The service API of DPS over the enrollments held here: which method and path is which operation, what right it needs,
 * and how its result becomes an answer (OpenAPI `service.json` 2021-10-01; the SDKs send other api-versions too). The
 * order of checks is path, method, token, api-version, JSON, operations per minute, content. Every request is untrusted.
 */
import type { AccessPolicy, Right } from './access-policies.ts';
import { bulkLimit, runBulkOperation } from './bulk-enrollment.ts';
import type { EnrollmentStore } from './enrollment-store.ts';
import { deleteEnrollment, getAttestationMechanism, getEnrollment, putEnrollment } from './enrollments.ts';
import type { OperationBudget } from './operation-budget.ts';
import { queryEnrollments } from './query-enrollments.ts';
import { headerOf, type ReceivedRequest, readJson } from './received-request.ts';
import { badRequest, methodNotAllowed, pathNotFound, Refusal, tooManyRequests } from './refusal.ts';
import { type Answer, answer, refusalAnswer } from './reply.ts';
import { judgeAccess } from './shared-access-signature.ts';

export const operationNames = [
  'createOrUpdate',
  'get',
  'delete',
  'attestationMechanism',
  'bulk',
  'query',
] as const;
export type OperationName = (typeof operationNames)[number];

interface Operation {
  readonly name: OperationName;
  readonly method: string;
  /** The path; a group is the registration id, percent-encoded. */
  readonly path: RegExp;
  readonly right: Right;
  readonly takesBody: boolean;
  run(call: Call): Answer | Refusal;
}

interface Call {
  readonly store: EnrollmentStore;
  readonly request: ReceivedRequest;
  /** The registration id of the path, '' where it has none. */
  readonly id: string;
  /** Parsed JSON; undefined for an operation without a body. */
  readonly body: unknown;
}

const enrollmentPath = /^\/enrollments\/([^/]+)$/;

const operations: readonly Operation[] = [
  {
    name: 'query',
    method: 'POST',
    path: /^\/enrollments\/query$/,
    right: 'EnrollmentRead',
    takesBody: true,
    run: call => {
      const page = queryEnrollments(
        call.store,
        call.body,
        headerOf(call.request, 'x-ms-max-item-count'),
        headerOf(call.request, 'x-ms-continuation'),
      );
      if (page instanceof Refusal) return page;
      const headers = { 'x-ms-item-type': 'Enrollment', 'X-Content-Type-Options': 'nosniff' };
      return answer(
        200,
        page.records,
        page.continuation === undefined ? headers : { ...headers, 'x-ms-continuation': page.continuation },
      );
    },
  },
  {
    name: 'bulk',
    method: 'POST',
    path: /^\/enrollments\/?$/,
    right: 'EnrollmentWrite',
    takesBody: true,
    run: call => ok(runBulkOperation(call.store, call.body)),
  },
  {
    name: 'attestationMechanism',
    method: 'POST',
    path: /^\/enrollments\/([^/]+)\/attestationmechanism$/,
    right: 'EnrollmentRead',
    takesBody: false,
    run: call => ok(getAttestationMechanism(call.store, call.id)),
  },
  {
    name: 'createOrUpdate',
    method: 'PUT',
    path: enrollmentPath,
    right: 'EnrollmentWrite',
    takesBody: true,
    run: call => ok(putEnrollment(call.store, call.id, headerOf(call.request, 'if-match'), call.body)),
  },
  {
    name: 'get',
    method: 'GET',
    path: enrollmentPath,
    right: 'EnrollmentRead',
    takesBody: false,
    run: call => ok(getEnrollment(call.store, call.id)),
  },
  {
    name: 'delete',
    method: 'DELETE',
    path: enrollmentPath,
    right: 'EnrollmentWrite',
    takesBody: false,
    run: call => deleteEnrollment(call.store, call.id, headerOf(call.request, 'if-match')) ?? answer(204),
  },
];

const apiVersions = ['2021-10-01', '2021-06-01', '2019-03-31'];

export interface ServiceApi {
  readonly store: EnrollmentStore;
  readonly budget: OperationBudget;
  readonly policies: readonly AccessPolicy[];
  /** See AccessRequest.hosts. */
  readonly hosts: readonly string[];
}

/** The operation that a request names; undefined where none is. */
export function operationOf(method: string, path: string): OperationName | undefined {
  return operations.find(operation => operation.method === method && operation.path.test(path))?.name;
}

/** Does the work of one request. Never throws for what a client sent. */
export function serveServiceApi(api: ServiceApi, request: ReceivedRequest): Answer {
  const reply = carryOut(api, request);
  return reply instanceof Refusal ? refusalAnswer(reply) : reply;
}

function carryOut(api: ServiceApi, request: ReceivedRequest): Answer | Refusal {
  const atPath = operations.filter(operation => operation.path.test(request.path));
  if (atPath.length === 0) return pathNotFound();
  const operation = atPath.find(candidate => candidate.method === request.method);
  if (operation === undefined) return methodNotAllowed();
  const denied = judgeAccess(api.policies, {
    authorization: request.headers.authorization,
    path: request.path,
    right: operation.right,
    hosts: api.hosts,
    now: Math.floor(Date.now() / 1000),
  });
  if (denied) return denied;
  const version = request.query.get('api-version');
  if (version === null || !apiVersions.includes(version)) {
    return badRequest(`The api-version must be one of ${apiVersions.join(', ')}.`);
  }
  const id = decodedSegment(operation.path.exec(request.path)?.[1] ?? '');
  if (id === undefined) return badRequest('The path is not validly percent-encoded.');
  const body = operation.takesBody ? readJson(request) : { json: undefined };
  if (body instanceof Refusal) return body;
  const waitS = api.budget.spend(operation.name === 'bulk' ? bulkItems(body.json) : undefined);
  if (waitS !== undefined) return refusalAnswer(tooManyRequests(), { 'Retry-After': String(waitS) });
  return operation.run({ store: api.store, request, id, body: body.json });
}

function ok(result: object | Refusal): Answer | Refusal {
  return result instanceof Refusal ? result : answer(200, result);
}

/** As many as it seems to carry, before it is judged; at least one, because it is a request. */
function bulkItems(body: unknown): number {
  const { enrollments } = (body ?? {}) as { enrollments?: unknown };
  return Array.isArray(enrollments) ? Math.min(Math.max(enrollments.length, 1), bulkLimit) : 1;
}

function decodedSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
