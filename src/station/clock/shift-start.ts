/** When the shift began that is under way: by the configured times of day, in local time, or else at midnight. */

/**
 * @param shifts times of day, `HH:MM`
 * @returns epoch milliseconds, and where the next one begins, if the configuration says
 */
export function shiftAt(
  now: number,
  shifts: readonly string[] = [],
): { readonly since: number; readonly until?: number } {
  if (shifts.length === 0) return { since: new Date(now).setHours(0, 0, 0, 0) };
  const begins = [-1, 0, 1].flatMap(day => shifts.map(time => momentOf(now, day, time)));
  return {
    since: Math.max(...begins.filter(at => at <= now)),
    until: Math.min(...begins.filter(at => at > now)),
  };
}

function momentOf(now: number, day: number, time: string): number {
  const date = new Date(now);
  const [hours, minutes] = time.split(':').map(Number);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + day, hours, minutes).getTime();
}
