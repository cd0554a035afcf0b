/** Figures over samples. Medians, because a shared machine has outliers in one direction only. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Quartiles. */
  readonly q1: number;
  readonly q3: number;
  readonly p95: number;
}

/** @throws RangeError without samples */
export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share);
  return { median: at(0.5), min: at(0), max: at(1), q1: at(0.25), q3: at(0.75), p95: at(0.95) };
}

/** Linear between the two nearest ranks. */
function quantile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}
