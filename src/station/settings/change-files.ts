/**
 * Files that an act changes beside the ledger. What is not in the audit did not happen (rule A1): each changes within the
 * transaction that records it, and where that does not commit, all are put back as they were. A process that is killed in
 * between can leave a change that nothing records, as anybody who writes the file by hand can.
 */
import type { Ledger, NoPromise } from '../../../db/ledger.ts';

/**
 * @param work gives, before each change, what puts it back
 * @throws what `work` or the commit throws, once all is put back; where something cannot be put back, what that throws
 */
export function changeFiles<T>(
  ledger: Ledger,
  work: (putBack: (step: () => void) => void) => NoPromise<T>,
): T {
  const steps: (() => void)[] = [];
  try {
    return ledger.transaction<T>(() => work(step => void steps.push(step)));
  } catch (error) {
    throw failureOf(steps.reverse()) ?? error;
  }
}

/** Each is taken, whatever becomes of the others. */
function failureOf(steps: readonly (() => void)[]): unknown {
  const failures: unknown[] = [];
  for (const step of steps)
    try {
      step();
    } catch (failure) {
      failures.push(failure);
    }
  return failures[0];
}
