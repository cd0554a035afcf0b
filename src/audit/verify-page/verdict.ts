/** What the page comes to: what was proved, or the first thing that is wrong, by the same names as `audit verify`. */
export type Level = 'intact' | 'signed' | 'witnessed';

export const problems = [
  'not-an-export',
  'malformed',
  'truncated',
  'data-after-end',
  'entry-changed',
  'entry-malformed',
  'entry-of-another-log',
  'entry-missing',
  'entry-doubled',
  'entry-added',
  'entry-reordered',
  'entry-not-selected',
  'withheld-unexpected',
  'columns-changed',
  'signature-wrong',
  'key-differs',
  'key-not-in-log',
  'checkpoint-differs',
  'root-differs',
  'seal-differs',
  'device-differs',
  'certificate-differs',
  'claim-differs',
  'witness-other-log',
  'witness-signature-wrong',
  'rolled-back',
] as const;
export type Problem = (typeof problems)[number];

export interface Claim {
  readonly what: string;
  readonly at: string;
  readonly index: number;
}

export interface Proved {
  readonly ok: true;
  readonly kind: 'export' | 'passport' | 'consistency';
  readonly level: Level;
  readonly origin: string;
  readonly rehearsal: boolean;
  readonly size: number;
  readonly entries: number;
  readonly withheld: number;
  /** Hex. */
  readonly root: string;
  readonly key: string;
  readonly witnessedUpTo: number;
  /** Of a consistency proof: entries of the earlier checkpoint. */
  readonly extends?: number;
  readonly device?: {
    readonly serial: string | null;
    readonly registrationId: string;
    readonly ekSha256: string;
  };
  readonly claims?: readonly Claim[];
}

export type Verdict = Proved | { readonly ok: false; readonly problem: Problem; readonly index?: number };

/** Carries the first problem up to where it becomes the verdict. */
export class Found extends Error {
  readonly problem: Problem;
  readonly index: number | undefined;

  constructor(problem: Problem, index?: number) {
    super(problem);
    this.problem = problem;
    this.index = index;
  }
}
