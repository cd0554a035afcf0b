/** The card of what the station refused, or of a call that did not come through. */
import { auditCard, type CardName, callCard } from '../messages/card.ts';
import type { AuditFailure } from './use-audit.ts';

export function failureCard(failure: AuditFailure): CardName {
  return 'code' in failure ? auditCard(failure.code) : callCard(failure.error);
}
