/**
 * The HTTPS front: gives every request to the control API or, through the armed faults, to the service API, and writes the
 * reply with the headers that DPS sends (chunked JSON, no ETag header). Every answer names the emulator in `Server`, so
 * that a production station can refuse it (rule S5).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ControlApi, controlPrefix, serveControlApi } from './control-api.ts';
import { type DeviceApi, isDevicePath } from './device/device-api.ts';
import type { ArmedFaults } from './faults/armed-faults.ts';
import { operationOf } from './operation-names.ts';
import { receive } from './received-request.ts';
import { Refusal, serverFault } from './refusal.ts';
import {
  type Answer,
  CutAnswer,
  connectionReset,
  noReply,
  RawBody,
  type Reply,
  refusalAnswer,
} from './reply.ts';
import { type ServiceApi, serveServiceApi } from './service-api.ts';

/** The `Server` header of every answer. */
export const serverName = 'keyline-dps-emulator';

export interface Front {
  readonly service: ServiceApi;
  readonly device: DeviceApi;
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
  if (made === noReply) return;
  if (made === connectionReset) front.resetConnection(request.socket);
  else if (made instanceof CutAnswer) sendPart(made, response);
  else send(made, response);
}

async function reply(front: Front, request: IncomingMessage): Promise<Reply> {
  const received = await receive(request);
  if (received instanceof Refusal) return refusalAnswer(received);
  if (received.path.startsWith(controlPrefix)) return serveControlApi(front.control, received);
  const { store } = front.service;
  const { method, path } = received;
  const isDevices = isDevicePath(path);
  if (!isDevices) store.noteRequest();
  const made = await front.faults.around(
    { operation: operationOf(method, path), method, path },
    async clock => {
      const now = Date.now() + clock.skewMs;
      return isDevices ? front.device.serve(received, now) : serveServiceApi(front.service, received, now);
    },
    front.closing,
  );
  const sent = made instanceof CutAnswer ? made.answer : made;
  if (typeof sent !== 'symbol' && sent.status === 429) store.noteThrottled();
  return made;
}

function send(made: Answer, response: ServerResponse): void {
  if (made.afterwards) response.once('finish', made.afterwards);
  const body = writeHead(made, response);
  if (body !== undefined) response.write(body);
  response.end();
}

/** Ends the connection with the chunked body unfinished, so that no client can take it for whole. */
function sendPart({ answer: whole, afterBytes }: CutAnswer, response: ServerResponse): void {
  const body = writeHead(whole, response) ?? Buffer.alloc(0);
  const sent = Math.min(afterBytes ?? Math.floor(body.length / 2), Math.max(body.length - 1, 0));
  response.flushHeaders();
  if (sent === 0) response.socket?.destroySoon();
  else response.write(body.subarray(0, sent), () => response.socket?.destroySoon());
}

/** @returns the body's bytes; undefined where there is none */
function writeHead(made: Answer, response: ServerResponse): Buffer | undefined {
  // DPS sends a long max-age; here it would make browsers demand TLS of every other server on localhost.
  const headers = { Server: serverName, 'Strict-Transport-Security': 'max-age=0', ...made.headers };
  if (made.body === undefined) {
    response.writeHead(made.status, headers);
    return undefined;
  }
  const body =
    made.body instanceof RawBody
      ? made.body
      : new RawBody('application/json; charset=utf-8', Buffer.from(JSON.stringify(made.body)));
  response.writeHead(made.status, { ...headers, 'Content-Type': body.contentType });
  return body.bytes;
}
