/**
 * The service's operations per minute (DPS limits: 1,000 service operations a minute) as a budget that is spent and comes
 * back. How the real service counts is not documented; here a window opens with the first operation after the last one
 * closed, holds so many operations, and what no longer fits is refused with the time until it closes. A refused operation
 * costs nothing. With a time factor the window is that much shorter and the waits are told in the service's time, so that
 * a client on an equally fast clock sees an hour in a minute.
 */
import { z } from 'zod';

const throttle = z
  .strictObject({
    /** Operations in one window. */
    operations: z.int().min(1).max(1_000_000_000),
    /** Length of a window in milliseconds of the service's time. */
    perMs: z.int().min(1).max(86_400_000).default(60_000),
    /** What one bulk request costs: a number of operations whatever is in it, or one for each of its items. */
    bulkCost: z.union([z.int().min(1).max(10), z.literal('items')]).default(1),
    /** How much faster than a clock on the wall the service's time goes. */
    timeFactor: z.number().min(1).max(100_000).default(1),
  })
  .refine(value => value.bulkCost === 'items' || value.bulkCost <= value.operations, {
    path: ['bulkCost'],
    message: 'a bulk request would never fit into the window',
  });

export type Throttle = z.infer<typeof throttle>;
export type ThrottleInput = z.input<typeof throttle>;

export class OperationBudget {
  readonly #clock: () => number;
  #throttle: Throttle | undefined;
  #windowEnds = Number.NEGATIVE_INFINITY;
  #spent = 0;

  /** @param clock milliseconds, from any start, never backwards */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Undefined where nothing is throttled. */
  get throttle(): Throttle | undefined {
    return this.#throttle;
  }

  /** Sets the budget, full; a text says what is wrong with it, and the old one stays. */
  limit(value: unknown): Throttle | string {
    const read = throttle.safeParse(value);
    if (!read.success) {
      return read.error.issues
        .map(issue => `${issue.path.join('.') || 'throttle'}: ${issue.message}`)
        .join('; ');
    }
    this.#throttle = read.data;
    this.#windowEnds = Number.NEGATIVE_INFINITY;
    return read.data;
  }

  lift(): void {
    this.#throttle = undefined;
  }

  /**
   * Spends what one request costs.
   * @param bulkItems how many items it carries where it is a bulk request
   * @returns undefined, or, where the budget does not cover it, the whole seconds (at least 1) until it will
   */
  spend(bulkItems: number | undefined): number | undefined {
    if (this.#throttle === undefined) return undefined;
    const { operations, perMs, bulkCost, timeFactor } = this.#throttle;
    const now = this.#clock();
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + perMs / timeFactor;
      this.#spent = 0;
    }
    const cost = bulkItems === undefined ? 1 : bulkCost === 'items' ? bulkItems : bulkCost;
    if (this.#spent + cost > operations) {
      return Math.max(1, Math.ceil(((this.#windowEnds - now) * timeFactor) / 1000));
    }
    this.#spent += cost;
    return undefined;
  }
}
