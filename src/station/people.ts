/** People as the audit knows them: a random id for life, kept apart from any name or account (rule A1). */
import { randomBytes } from 'node:crypto';
import type { Ledger } from '../../db/ledger.ts';

/** Accounts: `os:<user>` for the command line, `kiosk` for whoever stands at a screen before people sign in. */
export function personOf(ledger: Ledger, account: string, now: number): string {
  const known = ledger.persons.byAccount(account);
  if (known) return known.person_id;
  const personId = `person-${randomBytes(6).toString('hex')}`;
  ledger.persons.insert({ person_id: personId, account, created_at: now });
  return personId;
}
