/**
 * The emulator's own paths under `/$emulator/`: what it holds and counted, the faults, the budget, who may do what. Without
 * a token, but for this host only: the listener is on loopback, and a request that a browser page made (an Origin, or a
 * Host that is not ours) is refused, so that no web page can reach it by another name. Not part of DPS.
 */
import { bearerTokens } from './control/bearer-tokens.ts';
import { faults, oneFault } from './control/faults.ts';
import { onePolicy, policies, regeneratedKey } from './control/policies.ts';
import { registrations } from './control/registrations.ts';
import type { ControlParts } from './control/resource.ts';
import { state } from './control/state.ts';
import { throttle } from './control/throttle.ts';
import type { ReceivedRequest } from './received-request.ts';
import { forbidden, methodNotAllowed, pathNotFound, Refusal } from './refusal.ts';
import { type Answer, refusalAnswer } from './reply.ts';

export const controlPrefix = '/$emulator/';

export interface ControlApi {
  readonly parts: ControlParts;
  /** Names by which this instance is known, lower-case, with and without the port. */
  readonly hosts: readonly string[];
}

const resources = [
  ...[state, faults, oneFault, throttle, policies, onePolicy, regeneratedKey],
  ...[bearerTokens, registrations],
];

export function serveControlApi(api: ControlApi, request: ReceivedRequest): Answer {
  const reply = carryOut(api, request);
  return reply instanceof Refusal ? refusalAnswer(reply) : reply;
}

function carryOut({ parts, hosts }: ControlApi, request: ReceivedRequest): Answer | Refusal {
  const isOurs = hosts.includes(request.headers.host?.toLowerCase() ?? '');
  if (!isOurs || request.headers.origin !== undefined) {
    return forbidden('The control API is for programs on this host only.');
  }
  const path = request.path.slice(controlPrefix.length);
  for (const resource of resources) {
    const found = resource.path.exec(path);
    if (found === null) continue;
    return resource.methods[request.method]?.({ parts, request, name: found[1] ?? '' }) ?? methodNotAllowed();
  }
  return pathNotFound();
}
