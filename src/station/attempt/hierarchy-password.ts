/**
 * The password of a TPM's endorsement hierarchy, as a supervisor gives it for one harvest or, at the kiosk, for one
 * fixture until the window locks. It is in no record: the audit says that one was used, whether the TPM took it, and the
 * random id of who gave it.
 */
import { HierarchyPassword } from '../../tpm/hierarchy-password.ts';
import { type Actor, authorize } from '../access/authorize.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import type { VerdictCode } from './verdict.ts';

export interface GivenPassword {
  readonly password: HierarchyPassword;
  /** The random id of who gave it. */
  readonly personId: string;
}

/** Whether a device with this verdict is to be tested again with a password. */
export function asksForPassword(code: VerdictCode | undefined): boolean {
  return code === 'hierarchy-password' || code === 'hierarchy-password-refused';
}

/** Before anybody is asked for one. @throws StationError with an `AccessRefusalCode` */
export function mayGiveHierarchyPassword(core: StationCore, who: Actor): void {
  authorize(core, 'give-hierarchy-password', who);
}

/** @throws StationError with an `AccessRefusalCode`, or `hierarchy-password-invalid` */
export function giveHierarchyPassword(core: StationCore, text: string, who: Actor): GivenPassword {
  authorize(core, 'give-hierarchy-password', who);
  if (who.proof === 'account') throw new StationError('sign-in-needed', 'a person gives a password');
  const password = HierarchyPassword.of(text);
  if (password === undefined)
    throw new StationError('hierarchy-password-invalid', 'it is empty or has more than 64 bytes');
  return { password, personId: who.personId };
}
