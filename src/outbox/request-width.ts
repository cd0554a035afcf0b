/**
 * How many bulk requests are on their way at once, found by measurement (rule O5) as TCP Vegas finds its window: the
 * shortest reply time is that of a service that nobody waits for, so `width × (1 − shortest / usual)` requests stand in a
 * line somewhere (there, on the way, or in this process). While few do, more at once bring more; when many do, they only
 * wait. Between 1 and 16; a fault halves it. Now and then it listens again, with two at once, because the way to DPS may
 * have become another.
 */

export const widest = 16;
const first = 2;
const fewInLine = 3;
const manyInLine = 6;
const fewestSamples = 4;
/** Windows between two times of listening; it costs about one in a hundred requests. */
const listensAfter = 256;

export class RequestWidth {
  #width = first;
  /** Undefined: this window tells. */
  #shortestMs: number | undefined;
  #samples: number[] = [];
  /** More would have been sent in this window if the width had allowed it. */
  #wasFull = false;
  /** Doubling, until the first sign of a line. */
  #starting = true;
  #windows = 0;
  /** Replies to come that were asked for at another width. */
  #skip = 0;
  #widthAfterListening: number | undefined;

  get current(): number {
    return this.#width;
  }

  /** All requests that the width allows are on their way. */
  full(): void {
    this.#wasFull = true;
  }

  /** A reply came after so many milliseconds. */
  answered(ms: number): void {
    if (this.#skip > 0) {
      this.#skip -= 1;
      return;
    }
    // Clocks count whole milliseconds, and may be set back.
    this.#samples.push(Math.max(ms, 1));
    if (this.#samples.length < (this.#starting ? this.#width : Math.max(this.#width, fewestSamples))) return;
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const wasFull = this.#wasFull;
    this.#begin();
    this.#shortestMs = Math.min(this.#shortestMs ?? Number.POSITIVE_INFINITY, sorted[0]!);
    if (this.#widthAfterListening !== undefined) {
      this.#width = this.#widthAfterListening;
      this.#widthAfterListening = undefined;
      return;
    }
    this.#judge(this.#width * (1 - this.#shortestMs / sorted[sorted.length >> 1]!), wasFull);
    this.#windows += 1;
    if (this.#windows >= listensAfter) this.#listen();
  }

  /** A request was throttled, broke, or was not answered in time. */
  failed(): void {
    this.#width = Math.max((this.#widthAfterListening ?? this.#width) >> 1, 1);
    this.#widthAfterListening = undefined;
    this.#skip = 0;
    this.#starting = false;
    this.#begin();
  }

  #judge(inLine: number, wasFull: boolean): void {
    if (inLine > fewInLine) this.#starting = false;
    if (inLine > manyInLine) this.#width -= 1;
    else if (inLine < fewInLine && wasFull)
      this.#width = Math.min(this.#starting ? this.#width * 2 : this.#width + 1, widest);
  }

  #listen(): void {
    this.#windows = 0;
    if (this.#width <= first) return;
    this.#shortestMs = undefined;
    this.#skip = this.#width;
    this.#widthAfterListening = this.#width;
    this.#width = first;
  }

  #begin(): void {
    this.#samples = [];
    this.#wasFull = false;
  }
}
