/**
 * How long to wait after a fault (rule O5): exponential from a first step to a longest one, half of each step left to
 * chance so that the stations of a plant do not come back in one wave. What the service asks for (`Retry-After`) is
 * the least that is waited.
 */
import type { DpsError, DpsErrorCode } from '../dps/errors.ts';

/** What a fault says about the next attempt. */
export type FaultKind =
  /** The way to DPS is not there: one probe per step until it is. */
  | 'unreachable'
  /** DPS is there and cannot now. */
  | 'transient'
  /** Neither time nor repetition mends it: a person must. */
  | 'refused';

const kinds: Readonly<Record<DpsErrorCode, FaultKind>> = {
  offline: 'unreachable',
  tls: 'unreachable',
  'answer-malformed': 'unreachable',
  'host-unknown': 'unreachable',
  'proxy-unknown': 'unreachable',
  'proxy-unreachable': 'unreachable',
  'entra-unreachable': 'unreachable',
  timeout: 'transient',
  throttled: 'transient',
  'server-error': 'transient',
  // Of one request; the entries behind it are treated on their own before this is ever waited for.
  rejected: 'transient',
  'not-found': 'transient',
  'etag-mismatch': 'transient',
  unauthorized: 'refused',
  'access-revoked': 'refused',
  forbidden: 'refused',
  'clock-wrong': 'refused',
  'proxy-invalid': 'refused',
  'proxy-authentication': 'refused',
  'proxy-refused': 'refused',
  'entra-settings-invalid': 'refused',
  'entra-login-failed': 'refused',
  'entra-role-missing': 'refused',
  'host-is-iot-hub': 'refused',
  'emulator-refused': 'refused',
  'connection-string-invalid': 'refused',
  'ca-file-unreadable': 'refused',
};

/** A connection that broke after it stood is a moment's fault; one that never came about is an outage. */
export function faultKind(error: DpsError): FaultKind {
  if (error.code === 'offline' && !error.notSent) return 'transient';
  return kinds[error.code];
}

interface Steps {
  readonly firstMs: number;
  readonly longestMs: number;
}

export const backoffSteps: Readonly<Record<FaultKind, Steps>> = {
  unreachable: { firstMs: 2_000, longestMs: 30_000 },
  transient: { firstMs: 250, longestMs: 30_000 },
  refused: { firstMs: 30_000, longestMs: 300_000 },
};

/** `count`: faults in a row, this one included. */
export function waitAfter(error: DpsError, count: number, random: () => number): number {
  const { firstMs, longestMs } = backoffSteps[faultKind(error)];
  const step = Math.min(firstMs * 2 ** (count - 1), longestMs);
  const jittered = step / 2 + (step / 2) * random();
  return Math.round(Math.max(jittered, error.retryAfterMs ?? 0));
}

/** Losses after which an entry travels alone and later and later, so that it cannot hold up the others. */
export const lossesInCompany = 3;

/** Milliseconds until an entry may be sent again that was sent and lost so often; `losses` ≥ 1. */
export function waitOfEntry(losses: number): number {
  if (losses < lossesInCompany) return 0;
  return Math.min(1_000 * 2 ** (losses - lossesInCompany), 60_000);
}
