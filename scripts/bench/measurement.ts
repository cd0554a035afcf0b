/**
 * A figure that a person feels, held against a limit of its own: how long an answer takes, how long a task keeps the page
 * from answering, how much memory a shift leaves behind. There is no floor to hold it against, so it is the machine's as well.
 */
import { type Spread, spreadOf } from './statistics.ts';

export interface Limit {
  readonly of: 'p95' | 'max';
  /** In the measurement's unit. */
  readonly atMost: number;
}

export interface Measured {
  readonly name: string;
  /** `×`: a share of another figure. */
  readonly unit: 'ms' | 'rows' | 'kB' | '×';
  readonly samples: readonly number[];
  /** What the samples are, for the line that gives their number. */
  readonly sampled: string;
  readonly goal: Limit;
  /** What is printed below: the parts of it, the course that it took, what weighed on it. */
  readonly lines?: readonly string[];
}

export interface Measurement extends Omit<Measured, 'samples'> {
  readonly n: number;
  readonly figures: Spread;
  readonly met: boolean;
  readonly lines: readonly string[];
}

/** @throws RangeError without samples */
export function measurement({ samples, lines = [], ...measured }: Measured): Measurement {
  const figures = spreadOf(samples);
  const { of, atMost } = measured.goal;
  return { ...measured, n: samples.length, figures, met: figures[of] <= atMost, lines };
}

/** One part of a measurement as a line. */
export function partLine(name: string, samples: readonly number[], unit: Measured['unit']): string {
  const { median, p95, max } = spreadOf(samples);
  return `${name}: median ${median.toFixed(1)} ${unit}, p95 ${p95.toFixed(1)}, max ${max.toFixed(1)} (n = ${samples.length})`;
}
