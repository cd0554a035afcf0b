/**
 * The progress of long work as one line that is written over itself, on a terminal only: a bar, how much of how much,
 * how fast, and how long it will take.
 */
import { roughly } from '../station/clock/clock-evidence.ts';

export interface ProgressLineOptions {
  /** A terminal. */
  readonly to: { write(text: string): unknown; readonly columns?: number };
  /** What is done to each, such as `enrolled`. */
  readonly done: string;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

const everyMs = 200;
/** The rate is that of the last so many milliseconds. */
const rateOverMs = 10_000;
const barWidth = 24;
const eraseLine = '\r\u001b[K';

export class ProgressLine {
  readonly #to: ProgressLineOptions['to'];
  readonly #now: () => number;
  readonly #done: string;
  #marks: { readonly at: number; readonly done: number }[] = [];
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor({ to, done, now = () => performance.now() }: ProgressLineOptions) {
    this.#to = to;
    this.#done = done;
    this.#now = now;
    this.#marks.push({ at: now(), done: 0 });
  }

  /** So many are done, so many are left. */
  show(done: number, left: number): void {
    const at = this.#now();
    if (at - this.#writtenAt < everyMs) return;
    this.#writtenAt = at;
    this.#marks.push({ at, done });
    this.#marks = this.#marks.filter(
      (mark, index, all) => at - mark.at <= rateOverMs || index === all.length - 2,
    );
    const text = lineOf(this.#done, done, left, this.#perSecond());
    this.#to.write(`${eraseLine}${text.slice(0, (this.#to.columns ?? 80) - 1)}`);
  }

  end(): void {
    if (this.#writtenAt !== Number.NEGATIVE_INFINITY) this.#to.write(eraseLine);
  }

  #perSecond(): number {
    const first = this.#marks[0]!;
    const last = this.#marks.at(-1)!;
    return last.at > first.at ? ((last.done - first.done) * 1000) / (last.at - first.at) : 0;
  }
}

function lineOf(word: string, done: number, left: number, perSecond: number): string {
  const total = done + left;
  const filled = total === 0 ? barWidth : Math.floor((done / total) * barWidth);
  const bar = `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}]`;
  const time = perSecond > 0 && left > 0 ? `, ${roughly((left * 1000) / perSecond)} left` : '';
  return `${bar} ${done} of ${total} ${word}, ${(perSecond * 60).toFixed(0)} a minute${time}`;
}
