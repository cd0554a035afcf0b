/**
 * The emulator's own paths under `/$emulator/`: what it holds and counted, and the faults. Without a token, but for this
 * host only: the listener is on loopback, and a request that a browser page made (an Origin, or a Host that is not ours)
 * is refused, so that no web page can reach it by another name. Not part of DPS.
 */
import type { EnrollmentStore } from './enrollment-store.ts';
import type { ArmedFaults } from './faults/armed-faults.ts';
import type { OperationBudget } from './operation-budget.ts';
import { type ReceivedRequest, readJson } from './received-request.ts';
import { badRequest, methodNotAllowed, pathNotFound, Refusal } from './refusal.ts';
import { type Answer, answer, refusalAnswer } from './reply.ts';

export const controlPrefix = '/$emulator/';

export interface ControlApi {
  readonly store: EnrollmentStore;
  readonly faults: ArmedFaults;
  readonly budget: OperationBudget;
  /** Names by which this instance is known, lower-case, with and without the port. */
  readonly hosts: readonly string[];
}

export function serveControlApi(api: ControlApi, request: ReceivedRequest): Answer {
  const reply = carryOut(api, request);
  return reply instanceof Refusal ? refusalAnswer(reply) : reply;
}

function carryOut(api: ControlApi, request: ReceivedRequest): Answer | Refusal {
  if (
    !api.hosts.includes(request.headers.host?.toLowerCase() ?? '') ||
    request.headers.origin !== undefined
  ) {
    return new Refusal(403, 403000, 'The control API is for programs on this host only.');
  }
  const resource = request.path.slice(controlPrefix.length);
  if (resource === 'state') {
    if (request.method !== 'GET') return methodNotAllowed();
    return answer(200, { enrollments: api.store.counts(), ...api.store.traffic() });
  }
  if (resource === 'throttle') return serveThrottle(api.budget, request);
  if (resource !== 'faults') return pathNotFound();
  switch (request.method) {
    case 'GET':
      return answer(200, api.faults.list());
    case 'POST':
      return armFault(api.faults, request);
    case 'DELETE':
      api.faults.clear();
      return answer(204);
    default:
      return methodNotAllowed();
  }
}

function serveThrottle(budget: OperationBudget, request: ReceivedRequest): Answer | Refusal {
  switch (request.method) {
    case 'GET':
      return answer(200, { throttle: budget.throttle ?? null });
    case 'POST': {
      const body = readJson(request);
      if (body instanceof Refusal) return body;
      const limited = budget.limit(body.json);
      return typeof limited === 'string'
        ? badRequest(`Invalid throttle: ${limited}`)
        : answer(200, { throttle: limited });
    }
    case 'DELETE':
      budget.lift();
      return answer(204);
    default:
      return methodNotAllowed();
  }
}

function armFault(faults: ArmedFaults, request: ReceivedRequest): Answer | Refusal {
  const body = readJson(request);
  if (body instanceof Refusal) return body;
  const armed = faults.arm(body.json);
  return typeof armed === 'string' ? badRequest(`Invalid fault: ${armed}`) : answer(201, armed);
}
