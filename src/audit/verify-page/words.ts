/** All that the page says, in one language. The names of what is wrong are those of `audit verify`. */
import type { Level, Problem } from './verdict.ts';

export interface Words {
  readonly language: string;
  readonly other: string;
  readonly title: string;
  readonly lead: string;
  readonly drop: string;
  readonly choose: string;
  readonly key: string;
  readonly keyHelp: string;
  readonly checkpoints: string;
  readonly checkpointsNone: string;
  readonly forget: string;
  readonly working: string;
  readonly unsupported: string;
  readonly tooLarge: string;
  readonly notIntact: string;
  readonly notEvidence: string;
  readonly level: Readonly<Record<Level, string>>;
  readonly means: Readonly<Record<Level, string>>;
  /** What a consistency proof shows. */
  readonly signer: Readonly<Record<Level, string>>;
  readonly extends: (size: number, from: number) => string;
  /** Witnessed to a place before the end. */
  readonly beyond: (upTo: number) => string;
  readonly problem: Readonly<Record<Problem, string>>;
  readonly at: (index: number) => string;
  readonly remedy: string;
  readonly rehearsal: string;
  readonly facts: Readonly<
    Record<'origin' | 'entries' | 'root' | 'key' | 'serial' | 'registrationId' | 'ek' | 'proved', string>
  >;
  readonly entries: (shown: number, withheld: number) => string;
  readonly claim: Readonly<Record<string, string>>;
}
