/**
 * Whether somebody may do an act (rule S1). Asked in the transaction of the act itself, of the ledger and not of what
 * was true at sign-in: who was removed meanwhile may do nothing more.
 */
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { type ActName, actRoles, type Role } from './roles.ts';

/** Who acts: an account of the host that nobody signed in to, or a person and how they showed who they are. */
export type Actor = { readonly proof: 'account'; readonly account: string } | SignedIn;

/** Made by `sign-in.ts`, and never from anything that came from outside. */
export interface SignedIn {
  readonly proof: 'badge' | 'pin';
  /** The random id of the audit. */
  readonly personId: string;
}

/**
 * Call inside the act's transaction.
 * @returns the account to act under; the audit makes the person's random id of it
 * @throws StationError with an `AccessRefusalCode`
 */
export function authorize(core: StationCore, act: ActName, who: Actor): string {
  const allowed: readonly Role[] = actRoles[act];
  const needs = `${act} is for: ${allowed.join(', ')}`;
  if (who.proof === 'account') throw new StationError('sign-in-needed', needs);
  const person = core.ledger.persons.get(who.personId);
  if (!person?.role) throw new StationError('sign-in-refused', 'this person was removed');
  if (!allowed.includes(person.role)) throw new StationError('role-missing', needs);
  // A badge alone never gives more than operator: it can be lost, lent and copied.
  if (who.proof === 'badge' && !allowed.includes('operator')) throw new StationError('pin-needed', needs);
  return person.account;
}
