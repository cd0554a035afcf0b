/**
 * What Keyline takes of the service's operations per minute (rule O5; Azure documents 1,000 a minute and instance, and may
 * grant another number). A token bucket: whoever calls DPS pays first, in order of arrival. It fills at 0.97 of the limit
 * and holds 0.02 of it, so that no minute, wherever the service lets it begin, sees more than the limit.
 *
 * Other stations take from the same limit, and what a bulk request costs is not documented: a 429 decides. It empties the
 * bucket, stops all calls for as long as the service asked, and lowers the pace, which then comes back slowly.
 */
import type { Timing } from './timing.ts';

export interface BudgetSetting {
  /** The service's limit; Infinity: calls are not held back. */
  readonly operationsPerMinute: number;
  /** What a bulk request of ten costs, in operations: 1 or 10. */
  readonly bulkCost: number;
}

export const documentedBudget: BudgetSetting = { operationsPerMinute: 1_000, bulkCost: 1 };

export const unlimitedBudget: BudgetSetting = { operationsPerMinute: Number.POSITIVE_INFINITY, bulkCost: 1 };

const fillShare = 0.97;
const holdShare = 0.02;
const lowered = 0.7;
const leastPace = 0.02;
/** A lowered pace grows by a quarter each minute. */
const growthPerMs = 1.25 ** (1 / 60_000);
/** Calls that were on their way together are refused together: that is one refusal. */
const oneRefusalMs = 2_000;
/** Of a Retry-After; entries rest no longer either. */
const longestPauseMs = 3_600_000;
/** Where the service does not say how long. */
const pauseUnsaidMs = 1_000;

export class OperationBudget {
  readonly #setting: BudgetSetting;
  readonly #timing: Timing;
  readonly #capacity: number;
  #tokens: number;
  #filledAt: number;
  #pauseMs = 0;
  /** Of the full pace. */
  #share = 1;
  #sinceRefusalMs = Number.POSITIVE_INFINITY;
  #lastInLine: Promise<void> = Promise.resolve();

  constructor(setting: BudgetSetting, timing: Timing) {
    this.#setting = setting;
    this.#timing = timing;
    this.#capacity = Math.max(setting.operationsPerMinute * holdShare, 1);
    this.#tokens = this.#capacity;
    this.#filledAt = timing.now();
  }

  /** Operations that a bulk request of so many enrollments costs. */
  costOfBulk(enrollments: number): number {
    return Math.max(1, Math.ceil((this.#setting.bulkCost * enrollments) / 10));
  }

  /** Operations a minute at the present pace. */
  get perMinute(): number {
    return this.#setting.operationsPerMinute * fillShare * this.#share;
  }

  /** Waits for one's turn and pays. Returns without having paid once the signal is given. */
  async spend(operations: number, signal?: AbortSignal): Promise<void> {
    await this.#inLine(async () => {
      await this.#until(operations, signal);
      if (!signal?.aborted) this.#tokens -= operations;
    });
  }

  /** Waits until so many operations could be paid for at once, or the signal is given; pays nothing. */
  async ready(operations: number, signal?: AbortSignal): Promise<void> {
    await this.#inLine(() => this.#until(operations, signal));
  }

  /** The service refused a call with 429. */
  refused(retryAfterMs: number = pauseUnsaidMs): void {
    this.#fill();
    this.#tokens = Math.min(this.#tokens, 0);
    this.#pauseMs = Math.max(this.#pauseMs, Math.min(retryAfterMs, longestPauseMs));
    if (this.#sinceRefusalMs < oneRefusalMs) return;
    this.#sinceRefusalMs = 0;
    this.#share = Math.max(this.#share * lowered, leastPace);
  }

  async #inLine(turn: () => Promise<void>): Promise<void> {
    const before = this.#lastInLine;
    let leave = () => {};
    this.#lastInLine = new Promise(resolve => {
      leave = resolve;
    });
    await before;
    try {
      await turn();
    } finally {
      leave();
    }
  }

  async #until(operations: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#setting.operationsPerMinute === Number.POSITIVE_INFINITY) return;
    // What costs more than the bucket holds is paid for with a debt.
    const needed = Math.min(operations, this.#capacity);
    while (!signal?.aborted) {
      this.#fill();
      const short = Math.max(needed - this.#tokens, 0);
      const waitMs = this.#pauseMs + (short * 60_000) / this.perMinute;
      if (waitMs <= 0) return;
      await this.#timing.sleep(Math.ceil(waitMs), signal);
    }
  }

  /** By what went by since the last time: a wall clock that is set back costs one wait at most. */
  #fill(): void {
    const now = this.#timing.now();
    const passed = Math.max(now - this.#filledAt, 0);
    this.#filledAt = now;
    this.#sinceRefusalMs += passed;
    const filling = Math.max(passed - this.#pauseMs, 0);
    this.#pauseMs -= passed - filling;
    this.#share = Math.min(this.#share * growthPerMs ** filling, 1);
    this.#tokens = Math.min(this.#tokens + (filling * this.perMinute) / 60_000, this.#capacity);
  }
}
