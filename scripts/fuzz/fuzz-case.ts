/** What is tried, one case at a time. */
import type { Random } from './random.ts';

/** All of a case: `input` alone decides what it does, so a written case can be run again. */
export interface FuzzCase {
  readonly kind: string;
  readonly input: Uint8Array;
}

export interface Kind {
  /** Cases of this kind for one of the slowest. */
  readonly weight: number;
  make(random: Random): Buffer;
  /** Throws or rejects where a promise is broken; everything that is promised, refusals included, is no error. */
  run(input: Buffer): void | Promise<void>;
}

export class BrokenPromise extends Error {}

/** @throws BrokenPromise */
export function promise(kept: boolean, what: string): asserts kept {
  if (!kept) throw new BrokenPromise(what);
}

/** Runs what may end well or in one of these errors. Anything else that is thrown goes through. */
export async function endsIn(
  errors: readonly (abstract new (...args: never[]) => Error)[],
  work: () => unknown,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!errors.some(known => error instanceof known)) throw error;
    const { code, hint } = error as { code?: unknown; hint?: unknown };
    promise(
      code === undefined || (typeof code === 'string' && typeof hint === 'string'),
      'an error has no hint',
    );
  }
}
