/**
 * The service API of DPS over what is held here: who may do which operation, how fast, and how its result becomes an
 * answer (OpenAPI `service.json` 2021-10-01; the SDKs send other api-versions too). The order of checks is path, method,
 * token, api-version, JSON, operations per minute, content. Every request is untrusted.
 */
import { type Credentials, judgeAccess } from './access.ts';
import { apiVersionRefusal } from './api-version.ts';
import type { OperationBudget } from './operation-budget.ts';
import { type ReceivedRequest, readJson } from './received-request.ts';
import { badRequest, methodNotAllowed, pathNotFound, Refusal, tooManyRequests } from './refusal.ts';
import { type Answer, refusalAnswer } from './reply.ts';
import { type Operation, operations } from './service-operations.ts';
import type { Store } from './store.ts';

export interface ServiceApi {
  readonly store: Store;
  readonly budget: OperationBudget;
  readonly credentials: Credentials;
  /** See AccessRequest.hosts. */
  readonly hosts: readonly string[];
}

/**
 * Does the work of one request. Never throws for what a client sent.
 * @param nowMs the service's clock, by which tokens expire
 */
export function serveServiceApi(api: ServiceApi, request: ReceivedRequest, nowMs: number): Answer {
  const reply = carryOut(api, request, nowMs);
  return reply instanceof Refusal ? refusalAnswer(reply) : reply;
}

function carryOut(api: ServiceApi, request: ReceivedRequest, nowMs: number): Answer | Refusal {
  const atPath = operations.filter(operation => operation.path.test(request.path));
  if (atPath.length === 0) return pathNotFound();
  const operation: Operation | undefined = atPath.find(candidate => candidate.method === request.method);
  if (operation === undefined) return methodNotAllowed();
  const denied = judgeAccess(api.credentials, {
    authorization: request.headers.authorization,
    path: request.path,
    right: operation.right,
    hosts: api.hosts,
    now: Math.floor(nowMs / 1000),
  });
  if (denied) return denied;
  const wrongVersion = apiVersionRefusal(request);
  if (wrongVersion) return wrongVersion;
  const id = decodedSegment(operation.path.exec(request.path)?.[1] ?? '');
  if (id === undefined) return badRequest('The path is not validly percent-encoded.');
  const body = operation.takesBody ? readJson(request) : { json: undefined };
  if (body instanceof Refusal) return body;
  const waitS = api.budget.spend(operation.bulkItems?.(body.json));
  if (waitS !== undefined) return refusalAnswer(tooManyRequests(), { 'Retry-After': String(waitS) });
  return operation.run({ store: api.store, request, id, body: body.json });
}

function decodedSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
