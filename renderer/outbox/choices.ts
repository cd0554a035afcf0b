/** What can be done about an entry, with the words for what will happen. Pure. */
import type { Decision, EntryComparison, Role } from '../../src/api/contract.ts';
import type { en } from '../messages/en.ts';

/** A decision, or asking again, which decides nothing. */
export type ChoiceName = Decision | 'retry';
type Effect = keyof typeof en.outbox.desk.effect;

export interface Choice {
  readonly name: ChoiceName;
  readonly effect: Effect;
  /** Whose it is; empty: everybody's. */
  readonly roles: readonly Role[];
}

export function choicesOf({ entry, decisions }: EntryComparison): readonly Choice[] {
  // A change of something that is enrolled can neither be written whole over another record nor get another id.
  const isWhole =
    entry.operation === 'create' ||
    decisions.some(({ decision }) => decision === 'new-id' || decision === 'replace');
  const decided = decisions.map(
    ({ decision, roles }): Choice => ({
      name: decision,
      effect: effectOf(decision, entry.reason, isWhole),
      roles,
    }),
  );
  const stopped = entry.state === 'conflict' || entry.state === 'quarantined';
  return stopped ? [...decided, { name: 'retry', effect: 'retry', roles: [] }] : decided;
}

/** As src/station/conflict-desk/resolve-entry.ts carries it out. */
function effectOf(decision: Decision, reason: string | null, isWhole: boolean): Effect {
  if (decision === 'replace') return reason === 'gone-from-dps' ? 'replaceGone' : 'replace';
  if (decision !== 'keep') return decision;
  if (reason === 'unknown-origin') return 'keepSame';
  return isWhole ? 'keepOther' : 'keepChange';
}
