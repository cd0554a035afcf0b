/** What a person decides about the record: who, and why. Roles are asked in the transaction of the act (rule S1). */
import { type Actor, authorize } from './access/authorize.ts';
import type { ActName } from './access/roles.ts';
import { StationError } from './errors.ts';
import type { StationCore } from './open-core.ts';
import { quoteText } from './quote-text.ts';

export interface Act {
  readonly who: Actor;
  /** From `reasonOf`. */
  readonly reason: string;
}

/** An act whose right to happen was looked at, in this transaction. */
export interface AllowedAct {
  /** As `people.ts` knows accounts. */
  readonly account: string;
  readonly reason: string;
}

/** @throws StationError with an `AccessRefusalCode` */
export function allowed(core: StationCore, name: ActName, { who, reason }: Act): AllowedAct {
  return { account: authorize(core, name, who), reason };
}

/** For acts that need no role: put down to whoever it is. */
export function openAct(core: StationCore, { who, reason }: Act): AllowedAct {
  if (who.proof === 'account') return { account: who.account, reason };
  const person = core.ledger.persons.get(who.personId);
  if (!person) throw new StationError('sign-in-refused', 'this person is not known');
  return { account: person.account, reason };
}

/** @throws StationError `reason-invalid` */
export function reasonOf(text: string): string {
  const reason = text.trim().normalize('NFC');
  if (reason === '' || reason.length > 200 || /[\p{Cc}\p{Cs}]/u.test(reason))
    throw new StationError('reason-invalid', `the reason ${quoteText(text, 80)}`);
  return reason;
}
