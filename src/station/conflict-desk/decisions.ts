/** What a person can decide about an entry that the drain cannot go on with, and whose act each decision is (rule S1). */
import type { ActName } from '../access/roles.ts';

export const decisions = ['keep', 'replace', 'new-id', 'cancel', 'retarget'] as const;
export type Decision = (typeof decisions)[number];

export const actOfDecision = {
  keep: 'keep-theirs',
  replace: 'replace-theirs',
  'new-id': 'give-new-id',
  cancel: 'cancel-entry',
  retarget: 'retarget-entry',
} as const satisfies Readonly<Record<Decision, ActName>>;
