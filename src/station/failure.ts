/**
 * Any thrown thing in the terms of the product: a code, what to do, and whose matter it is. One place, so that the
 * command line, the API and the screens agree.
 */
import { LedgerError } from '../../db/errors.ts';
import { AuditError, type AuditErrorCode } from '../audit/errors.ts';
import { ImportFormError } from '../batch/import-form-error.ts';
import { CourierError, type CourierErrorCode } from '../courier/errors.ts';
import { DpsError, type DpsErrorCode } from '../dps/errors.ts';
import { TctiError } from '../tcti/errors.ts';
import { TpmError } from '../tpm/errors.ts';
import { TrustError } from '../trust/errors.ts';
import type { VerdictCode } from './attempt/verdict.ts';
import { StationError, type StationErrorCode, stationHints } from './errors.ts';

export type FailureKind = 'usage' | 'device' | 'refused' | 'dps' | 'ledger' | 'unexpected';

export interface Failure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const stationKinds: Readonly<Record<StationErrorCode, FailureKind>> = {
  'data-directory': 'usage',
  'configuration-invalid': 'usage',
  'configuration-refused': 'usage',
  'configuration-changed': 'refused',
  'station-key-missing': 'ledger',
  'station-key-foreign': 'ledger',
  'dps-key-empty': 'usage',
  'dps-key-not-needed': 'usage',
  'dps-key-of-another': 'refused',
  'secret-store-locked': 'ledger',
  'secret-store-unknown': 'ledger',
  'secret-store-choice': 'usage',
  'trust-store-missing': 'usage',
  'trust-store-empty': 'usage',
  'trust-fetch-elsewhere': 'ledger',
  'product-unknown': 'usage',
  'operator-invalid': 'usage',
  'work-order-invalid': 'usage',
  'work-order-unknown': 'usage',
  'work-order-exists': 'refused',
  'work-order-product': 'usage',
  'work-order-open': 'refused',
  'work-order-unsettled': 'refused',
  'work-order-in-debt': 'refused',
  'archive-folder': 'usage',
  'archive-file': 'usage',
  'archive-empty': 'refused',
  'archive-elsewhere': 'ledger',
  'archive-outdated': 'refused',
  'compact-no-room': 'ledger',
  'entries-archived': 'refused',
  'quantity-invalid': 'usage',
  'dps-not-configured': 'usage',
  'drain-elsewhere': 'ledger',
  'drain-paused': 'refused',
  'reconciliation-elsewhere': 'ledger',
  'import-unreadable': 'usage',
  'transcript-exists': 'usage',
  'transcript-unwritable': 'usage',
  'transcript-of-replay': 'usage',
  'verifier-not-built': 'usage',
  'export-over-station': 'usage',
  'export-state-unknown': 'usage',
  'ledger-missing': 'ledger',
  'backup-folder-missing': 'usage',
  'backup-failed': 'ledger',
  'backup-elsewhere': 'ledger',
  'backup-unreadable': 'usage',
  'backup-damaged': 'refused',
  'backup-unproved': 'refused',
  'station-in-use': 'refused',
  'restore-over-ledger': 'refused',
  'restored-unopened': 'ledger',
  'restore-underway': 'ledger',
  'checkpoint-folder-missing': 'usage',
  'sign-in-needed': 'refused',
  'sign-in-refused': 'refused',
  'sign-in-locked': 'refused',
  'role-missing': 'refused',
  'pin-needed': 'refused',
  'pin-weak': 'usage',
  'person-invalid': 'usage',
  'person-unknown': 'usage',
  'person-exists': 'usage',
  'badge-taken': 'usage',
  'first-supervisor': 'refused',
  'last-supervisor': 'refused',
  'sign-in-key-missing': 'ledger',
  'entry-unknown': 'usage',
  'entry-not-waiting': 'refused',
  'entry-was-sent': 'refused',
  'entry-settled': 'refused',
  'device-unknown': 'usage',
  'device-ambiguous': 'usage',
  'device-retired': 'refused',
  'device-names': 'usage',
  'not-enrolled': 'refused',
  'decision-unfit': 'refused',
  'new-id-impossible': 'refused',
  'reason-invalid': 'usage',
  'hierarchy-password-invalid': 'usage',
  'golden-check-due': 'refused',
  'harvest-unknown': 'usage',
  'harvest-unfit': 'refused',
  'harvest-outdated': 'refused',
  'names-taken': 'refused',
};

const auditKinds: Readonly<Record<AuditErrorCode, FailureKind>> = {
  'entry-invalid': 'unexpected',
  'key-invalid': 'usage',
  'checkpoint-invalid': 'usage',
  'log-damaged': 'ledger',
  'export-full': 'ledger',
  'export-unwritable': 'usage',
  'export-medium-gone': 'usage',
  'export-differs': 'usage',
  'export-unreadable': 'usage',
  'export-stopped': 'usage',
};

export function describeFailure(error: unknown): Failure {
  const as = (kind: FailureKind, source: { code: string; message: string; hint: string }): Failure => ({
    kind,
    code: source.code,
    message: source.message,
    hint: source.hint,
  });
  if (error instanceof StationError) return as(stationKinds[error.code], error);
  if (error instanceof TctiError) return as(error.code === 'conf-invalid' ? 'usage' : 'device', error);
  if (error instanceof TpmError) return as('device', error);
  if (error instanceof DpsError) return as(kindOfDpsError(error.code), error);
  if (error instanceof LedgerError) return as('ledger', error);
  if (error instanceof TrustError) return as('usage', error);
  if (error instanceof AuditError) return as(auditKinds[error.code], error);
  if (error instanceof CourierError) return as(courierKindOf(error.code), error);
  if (error instanceof ImportFormError)
    return {
      kind: 'usage',
      code: 'import-unreadable',
      message: error.message,
      hint: stationHints['import-unreadable'],
    };
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'unexpected',
    code: 'unexpected',
    message,
    hint: 'This is a fault of Keyline. Nothing recorded is lost; note what you did and report it.',
  };
}

/** A production ledger's refusal of the emulator is a rule (S5), not a fault of the network. */
export function kindOfDpsError(code: DpsErrorCode): FailureKind {
  if (settingsAtFault.has(code)) return 'usage';
  return code === 'emulator-refused' ? 'refused' : 'dps';
}

/** Rules that a bundle or receipt is against; the rest is a file or a setting that cannot be used. */
const courierRefusals: ReadonlySet<CourierErrorCode> = new Set([
  'courier-tampered',
  'courier-not-trusted',
  'courier-other-key',
  'courier-new-log',
  'courier-rehearsal',
  'courier-other-dps',
  'courier-other-receiver',
  'courier-expired',
  'courier-id-reused',
  'courier-own',
  'courier-encrypted',
  'courier-station-known',
  'courier-receiver-pinned',
  'courier-no-receiver',
  'courier-receipt-foreign',
  'courier-receipt-unbound',
]);

const courierKindOf = (code: CourierErrorCode): FailureKind =>
  courierRefusals.has(code) ? 'refused' : 'usage';

/** Seen wrong before anything was sent. */
const settingsAtFault: ReadonlySet<DpsErrorCode> = new Set([
  'connection-string-invalid',
  'host-is-iot-hub',
  'ca-file-unreadable',
  'proxy-invalid',
  'entra-settings-invalid',
]);

/** Whose matter a verdict's code is. */
export function kindOfVerdict(
  verdict: 'passed' | 'retest' | 'refused' | 'failed',
  code: VerdictCode,
): FailureKind | 'done' {
  if (verdict === 'passed' || verdict === 'retest') return 'done';
  if (code.startsWith('serial-') && code !== 'serial-has-other-key') return 'usage';
  if (code === 'ledger-full' || code === 'ledger-failed') return 'ledger';
  return verdict === 'refused' ? 'refused' : 'device';
}
