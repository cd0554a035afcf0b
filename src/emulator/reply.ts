/** What goes back on the wire for one request: an answer, a part of one, or nothing in its place. */
import { randomUUID } from 'node:crypto';
import type { Refusal } from './refusal.ts';
import { formatTimestamp } from './timestamp.ts';

export class Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where it is a RawBody; undefined = no body. */
  readonly body: unknown;
  /** Done when the answer has been sent. */
  readonly afterwards: (() => void) | undefined;

  constructor(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: unknown,
    afterwards?: (() => void) | undefined,
  ) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.afterwards = afterwards;
  }
}

/** A body that is not JSON of ours. */
export class RawBody {
  readonly contentType: string;
  readonly bytes: Buffer;

  constructor(contentType: string, bytes: Buffer) {
    this.contentType = contentType;
    this.bytes = bytes;
  }
}

/** The answer ends after so many bytes of its body (absent: half), and the connection is closed. */
export class CutAnswer {
  readonly answer: Answer;
  readonly afterBytes: number | undefined;

  constructor(whole: Answer, afterBytes: number | undefined) {
    this.answer = whole;
    this.afterBytes = afterBytes;
  }
}

/** The connection is reset and nothing is sent. */
export const connectionReset = Symbol('connection reset');
/** Nothing is sent, and the connection stays open. */
export const noReply = Symbol('no reply');

export type Reply = Answer | CutAnswer | typeof connectionReset | typeof noReply;

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Answer {
  return new Answer(status, headers, body);
}

/**
 * The error body `{errorCode, trackingId, message, timestampUtc}`. The tracking id and the code also travel as headers,
 * as in service answers of 2019 and in the OpenAPI file.
 */
export function refusalAnswer(refusal: Refusal, headers: Record<string, string> = {}): Answer {
  const trackingId = randomUUID();
  return new Answer(
    refusal.status,
    { 'x-ms-error-code': String(refusal.errorCode), 'x-ms-request-id': trackingId, ...headers },
    {
      errorCode: refusal.errorCode,
      trackingId,
      message: refusal.message,
      timestampUtc: formatTimestamp(Date.now()),
    },
  );
}
