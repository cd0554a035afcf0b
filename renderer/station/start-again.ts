/**
 * After which endings the same unit is tested again in its place. A closed list: an ending that is added says here which
 * it is. No: a person decides about the unit first, or the same test can only end the same way.
 */
import type { FixtureView, VerdictCode } from '../../src/api/contract.ts';

export const startsAgain: Readonly<Record<VerdictCode, boolean>> = {
  passed: false,
  'passed-by-decision': false,
  retest: false,
  'golden-passed': false,
  'golden-key-differs': false,
  'golden-certificate': false,
  'golden-unit': false,

  'serial-missing': false,
  'serial-too-long': false,
  'serial-characters': false,
  'serial-pattern': false,
  'serial-check-digit': false,

  clone: false,
  'serial-has-other-key': false,
  'same-tpm-other-key': false,
  'other-tpm': false,
  'other-product': false,
  'registration-id-invalid': false,
  'registration-id-taken': false,
  'registration-id-differs': false,
  'deleted-since': false,
  // Once there is another order, or this one may have more.
  'work-order-full': true,
  'ek-absent': false,
  'ek-malformed': false,
  'ek-unfit': false,
  'simulator-refused': false,
  'dut-serial-differs': false,
  'dut-serial-unread': false,
  'possession-failed': false,
  'certificate-mismatch': false,
  'certificate-untrusted': false,
  'certificate-revoked': false,
  'certificate-missing': false,
  'certificate-not-readable': false,
  'certificate-not-checked': false,

  'bridge-unreachable': true,
  'bridge-not-permitted': true,
  'bridge-host-key': false,
  'bridge-busy': true,
  'bridge-timeout': true,
  'bridge-closed': true,
  'bridge-garbage': true,
  'bridge-not-recorded': false,
  cancelled: true,
  'tpm-not-2.0': false,
  'tpm-not-started': true,
  'tpm-failure-mode': true,
  // Each attempt may prolong the lockout.
  'tpm-locked-out': false,
  'tpm-busy': true,
  'tpm-out-of-memory': true,
  // With a password that a supervisor enters, by an action of its own.
  'hierarchy-password': false,
  'hierarchy-password-refused': false,
  'hierarchy-disabled': false,
  'tpm-upgrade': true,
  'tpm-error': true,
  'tpm-answer-malformed': true,
  'tpm-answer-forged': false,

  'ledger-full': true,
  'ledger-failed': true,
};

/** The serial that a decided fixture can be started again with; undefined where it cannot. */
export function serialToStartAgain({ state, verdict, serial }: FixtureView): string | undefined {
  return state === 'decided' && verdict && startsAgain[verdict.code] ? serial : undefined;
}
