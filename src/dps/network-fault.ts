/**
 * A fault of the way to DPS (no HTTP answer) in Keyline's codes, from the error codes of Node's net, tls and http.
 */
import { DpsError, type DpsErrorCode } from './errors.ts';

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

/** `connected`: the TLS handshake was done, so the request may have been received. */
export function networkFault(cause: unknown, connected: boolean): DpsError {
  if (cause instanceof DpsError) return cause;
  const name = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const code = codeOf(name);
  return new DpsError(code, `The request to DPS failed${name ? ` (${name})` : ''}.`, {
    cause,
    notSent: !connected,
  });
}

function codeOf(name: string): DpsErrorCode {
  if (verificationFaults.has(name) || /^ERR_(TLS|SSL)_/.test(name) || name === 'EPROTO') return 'tls';
  // llhttp could not read what came: not an HTTP server.
  if (name.startsWith('HPE_')) return 'answer-malformed';
  return 'offline';
}
