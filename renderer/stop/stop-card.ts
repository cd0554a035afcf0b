/** The card of why a station is stopped, or why it was not restored: what can be expected has words, of the rest its code is said. */
import type { StopFailure } from '../../src/api/contract.ts';
import { type CardName, refusalCard } from '../messages/card.ts';
import { en } from '../messages/en.ts';

const cards: Readonly<Record<string, keyof typeof en.stopCard>> = {
  'not-a-file': 'damaged',
  'not-sqlite': 'damaged',
  'not-a-ledger': 'damaged',
  corrupt: 'damaged',
  'ledger-missing': 'missing',
  io: 'disk',
  full: 'full',
  'newer-schema': 'newer',
  unreadable: 'directory',
  'read-only': 'directory',
  'not-durable': 'directory',
  'data-directory': 'directory',
  busy: 'busy',
  'restore-underway': 'busy',
  'configuration-invalid': 'configuration',
  'trust-store-missing': 'configuration',
  'station-key-missing': 'key',
  'station-key-foreign': 'key',
  'secret-store-unknown': 'key',
  'secret-store-locked': 'keyring',
  'restored-unopened': 'unopened',
  'station-in-use': 'other-station',
  'restore-over-ledger': 'intact',
  'backup-damaged': 'backup-damaged',
  'backup-unreadable': 'backup-damaged',
  'backup-unproved': 'backup-unproved',
  stopped: 'cancelled',
  'not-stopped': 'under-way',
};

export function stopCard({ code }: Pick<StopFailure, 'code'>): CardName {
  const own = Object.hasOwn(cards, code) ? cards[code] : undefined;
  if (own) return `stopCard/${own}`;
  const isOfWho = code in en.access || code === 'sign-in-key-missing' || code === 'reason-invalid';
  return isOfWho ? refusalCard(code as 'sign-in-refused') : 'stopCard/other';
}
