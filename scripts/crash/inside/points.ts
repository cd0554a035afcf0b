/**
 * The points of a station process at which it can be killed: each is passed once what it is named after is done, and they
 * are counted from 1 on. The process tells on stderr where it was killed, or how many points it passed until its end.
 */
import fs from 'node:fs';

export const toldPrefix = 'crash-point ';

/** As it was before `file-points.ts` watches it. */
const { writeSync } = fs;
let passed = 0;
let killAt: number | undefined;

export function killAtPoints(ordinal: number | undefined): void {
  killAt = ordinal;
  process.once('exit', () => tell(`${passed} end`));
}

export function pass(what: string): void {
  passed += 1;
  if (passed !== killAt) return;
  tell(`${passed} ${what}`);
  process.kill(process.pid, 'SIGKILL');
}

function tell(text: string): void {
  try {
    writeSync(2, `${toldPrefix}${text}\n`);
  } catch {
    // Nobody reads any more.
  }
}
