/**
 * How many bulk requests are on their way at once, found by measurement (rule O5) as TCP Vegas finds its window: the
 * shortest reply time seen is that of a service that nobody waits for, so `width × (1 − shortest / usual)` requests stand
 * in a line somewhere (there, on the way, or in this process). While few do, more at once bring more; when many do, they
 * only wait. Between 1 and 16; a fault halves it.
 */

export const widest = 16;
const first = 2;
const fewInLine = 3;
const manyInLine = 6;
const fewestSamples = 4;
/** The shortest time is forgotten by and by: the way to DPS may have become a longer one. */
const forgetting = 1.01;

export class RequestWidth {
  #width = first;
  #shortestMs = Number.POSITIVE_INFINITY;
  #samples: number[] = [];
  /** More would have been sent in this window if the width had allowed it. */
  #wasFull = false;
  /** Doubling, until the first sign of a line. */
  #starting = true;

  get current(): number {
    return this.#width;
  }

  /** All requests that the width allows are on their way. */
  full(): void {
    this.#wasFull = true;
  }

  /** A reply came after so many milliseconds. */
  answered(ms: number): void {
    // Clocks count whole milliseconds, and may be set back.
    this.#samples.push(Math.max(ms, 1));
    if (this.#samples.length < Math.max(this.#width, fewestSamples)) return;
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const usualMs = sorted[sorted.length >> 1]!;
    this.#shortestMs = Math.min(this.#shortestMs * forgetting, sorted[0]!);
    const inLine = this.#width * (1 - Math.min(this.#shortestMs / usualMs, 1));
    if (inLine > manyInLine || (this.#starting && inLine > fewInLine)) this.#starting = false;
    if (inLine > manyInLine) this.#width -= 1;
    else if (inLine < fewInLine && this.#wasFull)
      this.#width = Math.min(this.#starting ? this.#width * 2 : this.#width + 1, widest);
    this.#samples = [];
    this.#wasFull = false;
  }

  /** A request was throttled, broke, or was not answered in time. */
  failed(): void {
    this.#width = Math.max(this.#width >> 1, 1);
    this.#starting = false;
    this.#samples = [];
    this.#wasFull = false;
  }
}
