/**
 * Times as DPS writes them: UTC with `Z`, up to seven fraction digits (100 ns), trailing zeros cut, the point too when
 * nothing is left behind it. Such texts do not sort by time, and a client must not compare them as text.
 *
 * @param epochMs milliseconds since 1970, fractions allowed
 */
export function formatTimestamp(epochMs: number): string {
  const ticks = Math.round(epochMs * 10_000);
  const seconds = Math.floor(ticks / 10_000_000);
  const fraction = String(ticks - seconds * 10_000_000)
    .padStart(7, '0')
    .replace(/0+$/, '');
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** Now, in epoch milliseconds with the fraction that the clock gives. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
