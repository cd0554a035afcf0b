/** What goes back on the wire for one request: an answer, or the loss of the connection in place of one. */
import { randomUUID } from 'node:crypto';
import type { Refusal } from './refusal.ts';
import { formatTimestamp } from './timestamp.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined = no body. */
  readonly body: unknown;
}

/** The connection is reset and nothing is sent. */
export const connectionReset = Symbol('connection reset');

export type Reply = Answer | typeof connectionReset;

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, body };
}

/**
 * The error body `{errorCode, trackingId, message, timestampUtc}`. The tracking id and the code also travel as headers,
 * as in service answers of 2019 and in the OpenAPI file.
 */
export function refusalAnswer(refusal: Refusal, headers: Record<string, string> = {}): Answer {
  const trackingId = randomUUID();
  return {
    status: refusal.status,
    headers: {
      'x-ms-error-code': String(refusal.errorCode),
      'x-ms-request-id': trackingId,
      ...headers,
    },
    body: {
      errorCode: refusal.errorCode,
      trackingId,
      message: refusal.message,
      timestampUtc: formatTimestamp(Date.now()),
    },
  };
}
