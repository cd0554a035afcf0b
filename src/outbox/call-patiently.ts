/**
 * A call to DPS that waits faults out as `sync --once` does (rule O5): throttled, slow or lost, it is made again after its
 * backoff step, and given up after as many faults in a row as the drain bears, or at once where only a person can mend it.
 * For calls that change nothing: what is sent twice must not matter.
 */
import { DpsError, type DpsErrorCode } from '../dps/errors.ts';
import { faultKind, waitAfter } from './backoff.ts';
import { longestWaitMs, patience } from './drain-once.ts';
import type { Timing } from './timing.ts';

export interface PatientCall {
  readonly timing: Timing;
  /** Given: the last fault is thrown instead of waiting. */
  readonly signal: AbortSignal;
  /** Faults that repetition does not mend: thrown at once. */
  readonly final?: readonly DpsErrorCode[];
}

/** @throws DpsError where patience is spent */
export async function callPatiently<T>(
  work: () => Promise<T>,
  { timing, signal, final = [] }: PatientCall,
): Promise<T> {
  for (let faults = 1; ; faults += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DpsError) || final.includes(error.code)) throw error;
      const wait = waitAfter(error, faults, timing.random);
      if (faults >= patience[faultKind(error)] || wait > longestWaitMs) throw error;
      await timing.sleep(wait, signal);
      if (signal.aborted) throw error;
    }
  }
}
