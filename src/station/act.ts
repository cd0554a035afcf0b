/** What a person does on the record: who, and why. Who may do what is checked before an act comes here (rule S1). */
import { StationError } from './errors.ts';
import { quoteText } from './quote-text.ts';

export interface Act {
  /** As `people.ts` knows accounts. */
  readonly account: string;
  readonly reason: string;
}

/** @throws StationError `reason-invalid` */
export function actOf(account: string, reason: string): Act {
  const text = reason.trim().normalize('NFC');
  if (text === '' || text.length > 200 || /[\p{Cc}\p{Cs}]/u.test(text))
    throw new StationError('reason-invalid', `the reason ${quoteText(reason, 80)}`);
  return { account, reason: text };
}
