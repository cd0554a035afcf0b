/** Says in a finding's words why a bridge or a TPM ended a run. */
import { TctiError, type TctiErrorCode } from '../tcti/errors.ts';
import { cleanText } from '../tpm/clean-text.ts';
import { TpmError, type TpmErrorCode } from '../tpm/errors.ts';
import { responseCodeHex, responseCodeName } from '../tpm/response-code.ts';
import type { RunFailureCode } from './finding.ts';

export interface RunFailure {
  readonly code: RunFailureCode;
  readonly detail: string;
  readonly responseCode?: string;
  readonly responseCodeName?: string;
}

const ofBridge: Readonly<Record<TctiErrorCode, RunFailureCode>> = {
  'conf-invalid': 'bridge-unreachable',
  unreachable: 'bridge-unreachable',
  'not-permitted': 'bridge-not-permitted',
  'host-key-mismatch': 'bridge-host-key',
  busy: 'bridge-busy',
  timeout: 'bridge-timeout',
  closed: 'bridge-closed',
  'frame-invalid': 'bridge-garbage',
  'not-recorded': 'bridge-not-recorded',
  cancelled: 'cancelled',
};

const ofTpm: Readonly<Record<TpmErrorCode, RunFailureCode>> = {
  'answer-malformed': 'tpm-answer-malformed',
  'not-tpm2': 'tpm-not-2.0',
  'not-started': 'tpm-not-started',
  'failure-mode': 'tpm-failure-mode',
  'locked-out': 'tpm-locked-out',
  busy: 'tpm-busy',
  'out-of-memory': 'tpm-out-of-memory',
  'password-set': 'hierarchy-password',
  'password-refused': 'hierarchy-password-refused',
  'answer-forged': 'tpm-answer-forged',
  'hierarchy-disabled': 'hierarchy-disabled',
  upgrading: 'tpm-upgrade',
  'nothing-there': 'tpm-error',
  'nv-refused': 'tpm-error',
  unsupported: 'tpm-error',
  refused: 'tpm-error',
};

/** Undefined for anything that neither a bridge nor a TPM did. */
export function runFailureOf(error: unknown): RunFailure | undefined {
  if (error instanceof TctiError)
    return { code: ofBridge[error.code], detail: cleanText(error.message, 500) };
  if (!(error instanceof TpmError)) return undefined;
  const failure = { code: ofTpm[error.code], detail: cleanText(error.message, 500) };
  if (error.responseCode === undefined) return failure;
  const name = responseCodeName(error.responseCode);
  return {
    ...failure,
    responseCode: responseCodeHex(error.responseCode),
    ...(name === undefined ? {} : { responseCodeName: name }),
  };
}
