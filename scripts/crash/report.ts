/** What a run did and found, for people. */
import type { Broken, CrashReport } from './run-crash.ts';

const mostLines = 20;

export function report({ tally, tookMs, broken }: CrashReport): string {
  const seconds = tookMs / 1000;
  const kills = tally.kills.atPoint + tally.kills.fromOutside;
  const row = (count: number, what: string) => `${String(count).padStart(9)}  ${what}`;
  return [
    row(
      kills,
      `processes killed (${(kills / seconds).toFixed(1)} a second): ${tally.kills.atPoint} at a point, ` +
        `${tally.kills.fromOutside} from outside`,
    ),
    ...(tally.powerCuts > 0 ? [row(tally.powerCuts, 'power cuts')] : []),
    row(tally.emulatorKills, 'kills of the emulator'),
    row(tally.rounds, `rounds in ${tally.lives} lives, in ${seconds.toFixed(1)} s`),
    row(
      tally.devices,
      `devices recorded, ${tally.enrollments} enrollments in DPS, ${tally.requests} requests`,
    ),
    row(tally.peakRate, 'enrollments acknowledged in the best second'),
    ...sorted(tally.faults).map(([kind, times]) => row(times, `fault ${kind}`)),
    ...[...tally.sweeps].map(([name, { tried, of }]) => row(tried, `of ${of} points of: ${name}`)),
    '',
    'killed most often after:',
    ...sorted(tally.killedAfter)
      .slice(0, 12)
      .map(([point, times]) => row(times, point)),
    '',
    ...(broken.length === 0
      ? ['zero lost, zero created twice or overwritten, zero disagreeing']
      : [`DISAGREEMENT in ${broken.length} ${broken.length === 1 ? 'life' : 'lives'}`]),
  ].join('\n');
}

export function disagreement({ what, life, history, folder }: Broken, again: string): string {
  return [
    `life ${life}:`,
    ...shortened(what.split('\n')).map(line => `  ${line}`),
    'what was done:',
    ...history.map(line => `  ${line}`),
    `its files: ${folder}`,
    `again: ${again}`,
  ].join('\n');
}

function shortened(lines: readonly string[]): readonly string[] {
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `and ${more} more`] : lines;
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}
