/**
 * Keyline against a floor or a peer, in one process and in turn: every round measures both, the order changes with each round, and
 * the result is the median of the rounds' own ratios. So what slows the machine for a while slows both.
 */
import { type Spread, spreadOf } from './statistics.ts';

export type Unit =
  | 'ms'
  | 'records/s'
  | 'harvests/s'
  | 'enrollments/s'
  | 'calls/s'
  | 'entries/s'
  | 'devices/s'
  | 'MiB/s';

export interface Contest {
  readonly name: string;
  readonly unit: Unit;
  readonly rounds: number;
  /** Rounds that are run and forgotten first, where the usual few are not enough. */
  readonly warmUpRounds?: number | undefined;
  /** What Keyline is held against, where it is not the least that the work can cost. */
  readonly against?: string;
  /** Each measures one round of its side, in `unit`. */
  readonly keyline: (round: number) => Promise<number>;
  readonly floor: (round: number) => Promise<number>;
  readonly goal: Goal;
}

/**
 * What the ratio Keyline / floor should be: a time at most, a rate at least. Where what counts is what a person waits:
 * Keyline's own p95, in `unit`.
 */
export type Goal = { readonly atMost: number } | { readonly atLeast: number } | { readonly within: number };

export interface Comparison {
  readonly name: string;
  readonly unit: Unit;
  /** What `floor` is: `floor`, or the peer's name. */
  readonly against: string;
  readonly n: number;
  readonly keyline: Spread;
  readonly floor: Spread;
  /** Of the rounds' own ratios, not the ratio of the medians. */
  readonly ratio: Spread;
  /** Keyline less floor, round by round, in `unit`. */
  readonly difference: Spread;
  readonly goal: Goal;
  readonly met: boolean;
  /** What was counted besides, e.g. TPM commands; the same on both sides. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Rounds that are run and forgotten: compilers and caches are warm afterwards. */
export const warmUpRounds = 3;

export async function compare(
  contest: Contest,
  counts: Readonly<Record<string, number>> = {},
): Promise<Comparison> {
  const keyline: number[] = [];
  const floor: number[] = [];
  const forgotten = contest.warmUpRounds ?? warmUpRounds;
  for (let round = 0; round < forgotten + contest.rounds; round += 1) {
    const first = round % 2 === 0 ? contest.keyline : contest.floor;
    const second = round % 2 === 0 ? contest.floor : contest.keyline;
    const pair = [await first(round), await second(round)] as const;
    if (round < forgotten) continue;
    keyline.push(round % 2 === 0 ? pair[0] : pair[1]);
    floor.push(round % 2 === 0 ? pair[1] : pair[0]);
  }
  const own = spreadOf(keyline);
  const ratio = spreadOf(keyline.map((value, index) => value / floor[index]!));
  const difference = spreadOf(keyline.map((value, index) => value - floor[index]!));
  const { name, unit, against = 'floor', rounds, goal } = contest;
  return {
    name,
    unit,
    against,
    n: rounds,
    keyline: own,
    floor: spreadOf(floor),
    ratio,
    difference,
    goal,
    met: isMet(goal, ratio, own),
    counts,
  };
}

function isMet(goal: Goal, ratio: Spread, keyline: Spread): boolean {
  if ('within' in goal) return keyline.p95 <= goal.within;
  return 'atMost' in goal ? ratio.median <= goal.atMost : ratio.median >= goal.atLeast;
}
