/**
 * How much waited for DPS over the last hour, a point each half minute, as this process saw it: for the plot beside the
 * forecast. Kept in memory alone; the ledger has the truth of every entry.
 */
export interface WaitingPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Entries that must still reach DPS. */
  readonly waiting: number;
}

const STEP_MS = 30_000;
const SPAN_MS = 60 * 60_000;

export class WaitingHistory {
  #points: WaitingPoint[] = [];

  /** The newest point of a step takes the place of those before it, and the peak is not lost: the larger one stays. */
  note(at: number, waiting: number): void {
    const last = this.#points.at(-1);
    // A clock that was set back makes the rest of the hour meaningless.
    if (last && at < last.at) this.#points = [];
    const step = Math.floor(at / STEP_MS);
    const known = this.#points.at(-1);
    if (known && Math.floor(known.at / STEP_MS) === step) {
      this.#points[this.#points.length - 1] = { at: known.at, waiting: Math.max(known.waiting, waiting) };
      return;
    }
    this.#points.push({ at, waiting });
    while (this.#points[0]!.at < at - SPAN_MS) this.#points.shift();
  }

  /** Oldest first, and `now` at the end. */
  until(now: WaitingPoint): readonly WaitingPoint[] {
    return [...this.#points.filter(point => point.at >= now.at - SPAN_MS && point.at < now.at), now];
  }
}
