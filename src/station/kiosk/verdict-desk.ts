/**
 * A refused duplicate as a screen works with it: look at both sides, decide in place. A decision may bring id or badge and
 * PIN of who decides, so that a supervisor does it whoever is signed in; runs go on meanwhile. Expected refusals are values
 * with a code; anything thrown is a fault.
 */
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import { reasonOf } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import { type AttemptComparison, compareAttempt } from '../overruling/compare-attempt.ts';
import { type OverruledAttempt, overruleAttempt } from '../overruling/overrule-attempt.ts';
import type { Overruling } from '../overruling/overruling.ts';
import { answering } from './desk-answer.ts';
import type { FixtureBoard } from './fixture-board.ts';

export type { AttemptComparison, TriedBefore } from '../overruling/compare-attempt.ts';
export type { OverruledAttempt, Overruling };

export type VerdictDeskRefusalCode =
  | AccessRefusalCode
  | 'sign-in-key-missing'
  | 'reason-invalid'
  | 'harvest-unknown'
  | 'harvest-unfit'
  | 'harvest-outdated'
  | 'names-taken';

export interface VerdictDeskRefusal {
  readonly ok: false;
  readonly code: VerdictDeskRefusalCode;
}

export type CompareAttemptAnswer =
  | { readonly ok: true; readonly comparison: AttemptComparison }
  | VerdictDeskRefusal;
export type OverruleAnswer = { readonly ok: true; readonly overruled: OverruledAttempt } | VerdictDeskRefusal;

export interface OverruleInput {
  readonly harvest: string;
  readonly overruling: Overruling;
  /** The device on record that was shown. */
  readonly device: string;
  readonly reason: string;
  /** Who decides, where it is not who is signed in; the PIN is used and forgotten. */
  readonly by?: OneTimeSignIn | undefined;
}

export interface VerdictDesk {
  compare(input: { readonly harvest: string }): Promise<CompareAttemptAnswer>;
  overrule(input: OverruleInput): Promise<OverruleAnswer>;
}

/** @param written there is something new in the ledger */
export function verdictDesk(
  core: StationCore,
  hands: Hands,
  board: Pick<FixtureBoard, 'overrule'>,
  written: () => void,
): VerdictDesk {
  return {
    compare: ({ harvest }) =>
      answer(async () => {
        hands.account();
        return { ok: true, comparison: compareAttempt(core, harvest) } satisfies CompareAttemptAnswer;
      }),
    overrule: ({ harvest, overruling, device, reason, by }) =>
      answer(async () => {
        const who = await hands.actor(by);
        const act = { who, reason: reasonOf(reason) };
        const overruled = overruleAttempt(core, { harvestId: harvest, overruling, deviceId: device }, act);
        const name = who.proof === 'account' ? null : core.ledger.persons.get(who.personId)?.name;
        board.overrule(harvest, {
          harvestId: overruled.harvestId,
          verdict: 'passed',
          code: 'passed-by-decision',
          registrationId: overruled.registrationId,
          committedAt: overruled.at,
          ...(name ? { decidedBy: name } : {}),
        });
        written();
        return { ok: true, overruled } satisfies OverruleAnswer;
      }),
  };
}

const answer = answering(
  'reason-invalid',
  'harvest-unknown',
  'harvest-unfit',
  'harvest-outdated',
  'names-taken',
);
