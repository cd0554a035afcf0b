/**
 * The HTTPS front: gives every request to the control API or, through the armed faults, to the service API, and writes the
 * reply with the headers that DPS sends (chunked JSON, no ETag header). Every answer names the emulator in `Server`, so
 * that a production station can refuse it (rule S5).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ControlApi, controlPrefix, serveControlApi } from './control-api.ts';
import type { ArmedFaults } from './faults/armed-faults.ts';
import { receive } from './received-request.ts';
import { Refusal, serverFault } from './refusal.ts';
import { type Answer, connectionReset, type Reply, refusalAnswer } from './reply.ts';
import { operationOf, type ServiceApi, serveServiceApi } from './service-api.ts';

/** The `Server` header of every answer. */
export const serverName = 'keyline-dps-emulator';

export interface Front {
  readonly service: ServiceApi;
  readonly control: ControlApi;
  readonly faults: ArmedFaults;
  /** Aborted when the emulator ends. */
  readonly closing: AbortSignal;
  readonly resetConnection: (socket: Socket) => void;
}

/** A listener for the `request` event. A defect of ours ends as HTTP 500 and is told to `onDefect`. */
export function requestListener(front: Front, onDefect: (error: unknown) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(front, request, response).catch(error => {
      const clientWentAway = request.destroyed && !request.complete;
      if (clientWentAway || front.closing.aborted) return;
      onDefect(error);
      if (!response.headersSent) send(refusalAnswer(serverFault()), response);
    });
  };
}

async function answer(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const made = await reply(front, request);
  if (made === connectionReset) front.resetConnection(request.socket);
  else send(made, response);
}

async function reply(front: Front, request: IncomingMessage): Promise<Reply> {
  const received = await receive(request);
  if (received instanceof Refusal) return refusalAnswer(received);
  if (received.path.startsWith(controlPrefix)) return serveControlApi(front.control, received);
  front.service.store.noteRequest();
  const made = await front.faults.around(
    operationOf(received.method, received.path),
    async () => serveServiceApi(front.service, received),
    front.closing,
  );
  if (made !== connectionReset && made.status === 429) front.service.store.noteThrottled();
  return made;
}

function send(made: Answer, response: ServerResponse): void {
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
