/**
 * A fault of the way to DPS (no HTTP answer) in Keyline's codes, from the error codes of Node's net, tls and http.
 */
import type { PeerCertificate } from 'node:tls';
import { DpsError, type DpsErrorCode } from './errors.ts';
import { type PlantProxy, proxyFault } from './proxy.ts';

/** OpenSSL's verification results as Node names them (X509_V_ERR_*). */
const verificationFaults = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** A server may be this late with a new certificate; no one serves one that ran out longer ago. */
const latestRenewalMs = 30 * 24 * 3_600_000;

export interface Progress {
  /** A socket was there; behind a proxy only when TLS stood, too. */
  readonly reached: boolean;
  /** The TLS handshake was done, so the request may have been received. */
  readonly connected: boolean;
  /** What the other side showed in the handshake, trusted or not. */
  readonly certificate: PeerCertificate | undefined;
}

/** The station's side of it. */
export interface Way {
  readonly host: string;
  readonly proxy: PlantProxy | undefined;
  /** The station's clock. */
  readonly now: number;
}

export function networkFault(
  cause: unknown,
  { reached, connected, certificate }: Progress,
  { host, proxy, now }: Way,
): DpsError {
  if (cause instanceof DpsError) return cause;
  const { code: name = '', statusCode } = (cause ?? {}) as NodeJS.ErrnoException & { statusCode?: number };
  const clock = clockFault(name, certificate, now);
  if (clock) return clock;
  if (proxy && !reached && !isCertificateFault(name)) return proxyFault(proxy, host, name, statusCode);
  return new DpsError(codeOf(name), `The request to DPS failed${name ? ` (${name})` : ''}.`, {
    cause,
    notSent: !connected,
  });
}

/** The station's clock at fault, rather than the certificate. A diagnosis only: what was shown need not be genuine. */
function clockFault(name: string, shown: PeerCertificate | undefined, now: number): DpsError | undefined {
  const from = Date.parse(shown?.valid_from ?? '');
  const to = Date.parse(shown?.valid_to ?? '');
  // No server has a certificate of tomorrow; behind a proxy it is not seen, but its fault is.
  const early = name === 'CERT_NOT_YET_VALID' && !(from <= now);
  const late = name === 'CERT_HAS_EXPIRED' && to + latestRenewalMs < now;
  if (!early && !late) return undefined;
  const valid = Number.isNaN(from) ? 'is not valid yet' : `is valid from ${utc(from)} to ${utc(to)}`;
  return new DpsError(
    'clock-wrong',
    `The clock of this station says ${utc(now)}, but the certificate of DPS ${valid}.`,
    { notSent: true },
  );
}

function utc(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

function codeOf(name: string): DpsErrorCode {
  if (isCertificateFault(name)) return 'tls';
  // llhttp could not read what came: not an HTTP server.
  if (name.startsWith('HPE_')) return 'answer-malformed';
  return name === 'ENOTFOUND' ? 'host-unknown' : 'offline';
}

/** Also other faults of the TLS handshake. */
export function isCertificateFault(name: string): boolean {
  return verificationFaults.has(name) || /^ERR_(TLS|SSL)_/.test(name) || name === 'EPROTO';
}
