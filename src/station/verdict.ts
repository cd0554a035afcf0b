/**
 * Every word in which a harvest can end, as screens, exports and the command line use it. A code without a card in the
 * kiosk's catalogues, or without a hint for the command line, does not compile.
 */
import type { RunFailureCode, RunRefusalCode } from '../harvest/finding.ts';

export type SerialRefusalCode = 'serial-missing' | 'serial-too-long' | 'serial-characters' | 'serial-pattern';
/** Rule H6, decided inside the ledger's transaction. */
export type DuplicateCode = 'clone' | 'serial-has-other-key' | 'other-product';
/** The product's template gives an id that DPS would refuse, or one that another device already has (rule H3). */
export type RegistrationIdCode = 'registration-id-invalid' | 'registration-id-taken';
/** The station's own faults: the ledger could not take the attempt. */
export type LedgerFaultCode = 'ledger-full' | 'ledger-failed';

export type VerdictCode =
  | 'passed'
  | 'retest'
  | SerialRefusalCode
  | DuplicateCode
  | RegistrationIdCode
  | RunRefusalCode
  | RunFailureCode
  | LedgerFaultCode;
