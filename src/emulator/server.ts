/**
 * The HTTPS front: gives every request to the control API or, through the armed faults, to the service API, and writes the
 * reply with the headers that DPS sends (chunked JSON, no ETag header). Every answer names the emulator in `Server`, so
 * that a production station can refuse it (rule S5).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { controlPrefix, serveControlApi } from './control-api.ts';
import type { EnrollmentStore } from './enrollment-store.ts';
import type { ArmedFaults } from './faults/armed-faults.ts';
import { badRequest, serverFault } from './refusal.ts';
import { connectionReset, type Reply, refusalAnswer } from './reply.ts';
import { operationOf, type ServiceApi, serveServiceApi } from './service-api.ts';

/** The `Server` header of every answer. */
export const serverName = 'keyline-dps-emulator';

export interface Front {
  readonly service: ServiceApi;
  readonly store: EnrollmentStore;
  readonly faults: ArmedFaults;
  readonly closing: AbortSignal;
}

/** A listener for the `request` event. A defect of ours ends as HTTP 500 and is told to `onDefect`. */
export function requestListener(front: Front, onDefect: (error: unknown) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    reply(front, request).then(
      made => send(made, response),
      error => {
        const clientWentAway = request.destroyed && !request.complete;
        if (clientWentAway || front.closing.aborted) return;
        onDefect(error);
        send(refusalAnswer(serverFault()), response);
      },
    );
  };
}

async function reply(front: Front, request: IncomingMessage): Promise<Reply> {
  const base = 'https://localhost';
  const target = request.url ?? '/';
  if (!target.startsWith('/') || !URL.canParse(base + target)) {
    return refusalAnswer(badRequest('The request target is not a path.'));
  }
  const url = new URL(base + target);
  if (url.pathname.startsWith(controlPrefix)) {
    return serveControlApi(
      { store: front.store, faults: front.faults, hosts: front.service.hosts },
      request,
      url.pathname,
    );
  }
  front.store.noteRequest();
  const made = await front.faults.around(
    operationOf(request.method ?? '', url.pathname),
    () => serveServiceApi(front.service, request, url),
    front.closing,
  );
  if (made !== connectionReset && made.status === 429) front.store.noteThrottled();
  return made;
}

function send(made: Reply, response: ServerResponse): void {
  if (made === connectionReset) {
    response.socket?.resetAndDestroy();
    return;
  }
  // DPS sends a long max-age; here it would make browsers demand TLS of every other server on localhost.
  const headers = { Server: serverName, 'Strict-Transport-Security': 'max-age=0', ...made.headers };
  if (made.body === undefined) {
    response.writeHead(made.status, headers).end();
    return;
  }
  response.writeHead(made.status, { ...headers, 'Content-Type': 'application/json; charset=utf-8' });
  response.write(JSON.stringify(made.body));
  response.end();
}
