/** How the times at which shifts begin divide a day. */

export interface Shift {
  /** `HH:MM` */
  readonly from: string;
  /** Until the next one begins. */
  readonly minutes: number;
}

const day = 24 * 60;

/** In the order of the day; what the station takes for no time, and what is there twice, is passed over. */
export function shiftsOfDay(times: readonly string[]): readonly Shift[] {
  const sound = [...new Set(times.filter(time => /^(?:[01]\d|2[0-3]):(?:00|15|30|45)$/.test(time)))].sort();
  return sound.map((from, index) => {
    const next = sound[(index + 1) % sound.length]!;
    return { from, minutes: (minutesOf(next) - minutesOf(from) + day) % day || day };
  });
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}
