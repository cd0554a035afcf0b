/**
 * Every word in which a harvest can end, as screens, exports and the command line use it. A code without a card in the
 * kiosk's catalogues, or without a hint for the command line, does not compile.
 */
import type { SerialRefusalCode } from '../../enrollment/serial.ts';
import type { RunFailureCode, RunRefusalCode } from '../../harvest/finding.ts';

export type { SerialRefusalCode };
/**
 * Rule H6, decided inside the ledger's transaction. A serial with another key is `same-tpm-other-key` or `other-tpm` where
 * the run could look for the recorded key in the TPM, else (an import, a TPM that hides its keys) `serial-has-other-key`.
 */
export type DuplicateCode =
  | 'clone'
  | 'serial-has-other-key'
  | 'same-tpm-other-key'
  | 'other-tpm'
  | 'other-product';
/** The id that the product's template gives: refused by DPS's rules, another device's, or not what an import says (rule H3). */
export type RegistrationIdCode =
  | 'registration-id-invalid'
  | 'registration-id-taken'
  | 'registration-id-differs';
/**
 * Of a reference unit: its check passed; it has another key than it is known by; its certificate is not what it was. And of
 * any other way that its key or its serial comes in: it is never recorded as a device.
 */
export type GoldenCode = 'golden-passed' | 'golden-key-differs' | 'golden-certificate' | 'golden-unit';
/** The product requires a verified EK certificate (rule H8). */
export type CertificateRefusalCode =
  | 'certificate-untrusted'
  /** Whatever the product requires, but for one that does not have revocation judged. */
  | 'certificate-revoked'
  | 'certificate-missing'
  | 'certificate-not-readable'
  | 'certificate-not-checked';
/** The work order has the devices that it shall have; only new ones are refused. */
export type WorkOrderCode = 'work-order-full';
/** A courier brought it, and the device was deleted here since it was packed. */
export type CourierVerdictCode = 'deleted-since';
/** The station's own faults: the ledger could not take the attempt. */
export type LedgerFaultCode = 'ledger-full' | 'ledger-failed';
/** Faults of the station itself that have words of their own on the screen. */
export type StationFaultCode = LedgerFaultCode | 'secret-store-locked';

export type VerdictCode =
  | 'passed'
  /** A supervisor overruled a verdict on a duplicate (rule H6). */
  | 'passed-by-decision'
  | 'retest'
  | SerialRefusalCode
  | DuplicateCode
  | GoldenCode
  | RegistrationIdCode
  | WorkOrderCode
  | CourierVerdictCode
  | RunRefusalCode
  | CertificateRefusalCode
  | RunFailureCode
  | LedgerFaultCode;
