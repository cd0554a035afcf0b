/** The yield's line: where its axis begins, and its path. Pure. */

/** 90 % while all is well, so that a fall shows; lower in steps of ten where it has to be, down to nothing. */
export function yieldFloor(shares: readonly (number | null)[]): number {
  const lowest = Math.min(1, ...shares.filter(share => share !== null));
  return Math.min(0.9, Math.max(0, Math.floor(lowest * 10 - 1e-9) / 10));
}

/** An SVG path; a quarter alone between two without a try is a dot. */
export function yieldLine(
  shares: readonly (number | null)[],
  x: (index: number) => number,
  y: (share: number) => number,
): string {
  const round = (value: number) => Math.round(value * 100) / 100;
  let path = '';
  let drawing = false;
  for (const [index, share] of shares.entries()) {
    if (share !== null) {
      const point = `${round(x(index))} ${round(y(share))}`;
      path += drawing ? `L${point}` : `M${point}h0.01`;
    }
    drawing = share !== null;
  }
  return path;
}
