/**
 * A refusal of the DPS service API in Keyline's codes. Two shapes of body are known: `{errorCode, trackingId, message}`
 * (ProvisioningServiceErrorDetails, service API 2021-10-01) and the IoT hub's `{Message: "ErrorCode:…;…"}`. Neither may be
 * there: proxies answer too. Only a body of DPS's own shape may condemn an entry (`rejected`), so that a proxy that
 * answers 400 to everything sets nothing aside.
 */
import { z } from 'zod';
import { DpsError, type DpsErrorCode } from './errors.ts';

/** An HTTP answer with a status of 300 or more. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface RefusalDetails {
  readonly errorCode: number | undefined;
  readonly trackingId: string | undefined;
  readonly message: string;
}

const serviceShape = z.object({
  errorCode: z.number().int(),
  trackingId: z.string().nullish(),
  message: z.string().nullish(),
});
const hubShape = z.object({ Message: z.string(), ExceptionMessage: z.string().nullish() });

/** Longest wait that a server can make us keep. */
const longestRetryAfterMs = 3_600_000;

export function refusalError(refusal: Refusal, now: number): DpsError {
  const details = readDetails(refusal.body);
  const code = codeOf(refusal.status, details !== undefined);
  const said = details?.message ? `: ${details.message}` : '';
  return new DpsError(code, `DPS answered ${refusal.status}${said}`, {
    status: refusal.status,
    errorCode: details?.errorCode,
    trackingId: details?.trackingId ?? header(refusal, 'x-ms-request-id'),
    retryAfterMs: readRetryAfter(header(refusal, 'retry-after'), header(refusal, 'date'), now),
  });
}

/** Undefined where the body is of neither shape. */
export function readDetails(body: string): RefusalDetails | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const service = serviceShape.safeParse(parsed);
  if (service.success) {
    const { errorCode, trackingId, message } = service.data;
    return { errorCode, trackingId: trackingId ?? undefined, message: cleaned(message ?? '') };
  }
  const hub = hubShape.safeParse(parsed);
  if (hub.success) {
    const trackingId = /Tracking ID:\s*([\w-]+)/i.exec(hub.data.ExceptionMessage ?? '')?.[1];
    return { errorCode: undefined, trackingId, message: cleaned(hub.data.Message) };
  }
  return undefined;
}

/** Milliseconds from `Retry-After` (RFC 9110 §10.2.3: seconds or a date, the date against the server's own clock). */
export function readRetryAfter(
  value: string | undefined,
  serverDate: string | undefined,
  now: number,
): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const waitMs = /^[0-9]+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - serverNow(serverDate, now);
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, 0), longestRetryAfterMs);
}

function serverNow(serverDate: string | undefined, now: number): number {
  const at = Date.parse(serverDate ?? '');
  return Number.isNaN(at) ? now : at;
}

function codeOf(status: number, ofDps: boolean): DpsErrorCode {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    // In DPS's own words only: any web server answers 404 to a path that it does not know.
    case 404:
      return ofDps ? 'not-found' : 'answer-malformed';
    case 408:
      return 'timeout';
    case 429:
      return 'throttled';
    case 412:
      return ofDps ? 'etag-mismatch' : 'answer-malformed';
    case 400:
    case 409:
    case 413:
      return ofDps ? 'rejected' : 'answer-malformed';
    default:
      // Redirects and the rest of 4xx (405, 407, 415): nothing that DPS answers to our requests.
      return status >= 500 ? 'server-error' : 'answer-malformed';
  }
}

function header(refusal: Refusal, name: string): string | undefined {
  const value = refusal.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Server text goes to logs and screens: one line, bounded. */
function cleaned(text: string): string {
  // A server or proxy may echo our own token: its signature is no one's to keep (rule S2).
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/\bsig=[^&\s"']+/gi, 'sig=…')
    .slice(0, 500);
}
