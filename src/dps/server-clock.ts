/**
 * What DPS's clock says, measured from the `Date` of its answers (RFC 9110 §6.6.1) and carried on by the monotonic clock,
 * so that a step of the station's own clock shows at once (rule O7). Used to time access tokens by DPS's clock, within
 * bounds, and to tell a wrong clock from a wrong key.
 */

/** Token times are corrected by no more than this; what is further off is named instead. */
export const longestCorrectionMs = 24 * 3_600_000;
/** `Date` has whole seconds, cut off: on average the answer was made half a second later. */
const halfSecondMs = 500;

export class ServerClock {
  readonly #now: () => number;
  #measured: { readonly serverTime: number; readonly monotonicMs: number } | undefined;

  /** `now`: the station's clock, epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** `date`: epoch milliseconds of the answer's `Date`; `roundTripMs`: from the request to the head of the answer. */
  measure(date: number, roundTripMs: number): void {
    this.#measured = {
      serverTime: date + halfSecondMs + roundTripMs / 2,
      monotonicMs: performance.now(),
    };
  }

  /** Milliseconds that DPS's clock is ahead of the station's; undefined before its first answer. */
  get skewMs(): number | undefined {
    if (!this.#measured) return undefined;
    const { serverTime, monotonicMs } = this.#measured;
    return Math.round(serverTime + (performance.now() - monotonicMs) - this.#now());
  }

  /** The skew where it is within bounds, else 0. */
  get correctionMs(): number {
    const skew = this.skewMs ?? 0;
    return Math.abs(skew) <= longestCorrectionMs ? skew : 0;
  }

  /** The station's time, corrected: epoch milliseconds. */
  now(): number {
    return this.#now() + this.correctionMs;
  }
}
