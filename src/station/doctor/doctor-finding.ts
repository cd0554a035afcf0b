/** One thing that `doctor` looked at. */
import { describeFailure, type FailureKind } from '../failure.ts';

export interface DoctorFinding {
  readonly check: string;
  readonly state: 'good' | 'notice' | 'bad';
  readonly found: string;
  readonly remedy?: string;
  /** With `bad`: whose matter it is. */
  readonly kind?: FailureKind;
}

export function ofFailure(check: string, error: unknown): DoctorFinding {
  const failure = describeFailure(error);
  return { check, state: 'bad', found: failure.message, remedy: failure.hint, kind: failure.kind };
}
