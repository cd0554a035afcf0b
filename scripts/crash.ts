/**
 * `npm run crash -- [--seconds N] [--seed S] [--power-cut] [--sabotage NAME]`: kills the real station with SIGKILL at every
 * point and at random, with the emulator's faults on, and judges after each round whether ledger, audit log and DPS agree.
 * A disagreement ends it with 1; `--seed S --life N` lives one life with the same devices again.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sabotages } from './crash/inside/sabotage.ts';
import { writesRecorder } from './crash/power/power-disk.ts';
import { disagreement, report } from './crash/report.ts';
import { runCrash } from './crash/run-crash.ts';

const folder = path.join(path.dirname(import.meta.dirname), '.tmp/crash');

function readCommandLine() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
      life: { type: 'string' },
      'power-cut': { type: 'boolean', default: false },
      sabotage: { type: 'string' },
    },
  });
  const { sabotage, life } = values;
  if (sabotage !== undefined && !(sabotage in sabotages)) {
    const known = Object.entries(sabotages).map(([name, { says }]) => `  ${name}: ${says}`);
    throw new Error(`no sabotage is called ${sabotage}. There are:\n${known.join('\n')}`);
  }
  return {
    seconds: numberOf('--seconds', values.seconds, 1, 86_400),
    seed: numberOf('--seed', values.seed, 0, 2 ** 32 - 1),
    life: life === undefined ? undefined : numberOf('--life', life, 1, 1_000_000),
    powerCut: values['power-cut'],
    sabotage,
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`${option} takes a number from ${least} to ${most}`);
}

function commandLineOrExit() {
  try {
    return readCommandLine();
  } catch (error) {
    console.error(`crash: ${(error as Error).message}`);
    console.error(
      'usage: npm run crash -- [--seconds N] [--seed S] [--power-cut] [--sabotage NAME] [--life N]',
    );
    process.exit(2);
  }
}

function recorderOrExit(): string {
  const recorder = writesRecorder(path.join(folder, 'recorder'));
  if ('library' in recorder) return recorder.library;
  console.error(`crash: skipped, ${recorder.missing}`);
  process.exit(2);
}

const { seconds, seed, life, powerCut, sabotage } = commandLineOrExit();
const recorder = powerCut ? recorderOrExit() : undefined;
console.log(
  `seed ${seed}, ${seconds} s${powerCut ? ', with power cuts' : ''}${sabotage ? `, sabotaged: ${sabotage}` : ''}`,
);
const found = await runCrash({
  seed,
  milliseconds: seconds * 1000,
  leastKills: 1,
  sabotage,
  recorder,
  life,
  folder: path.join(folder, 'lives'),
  compileCache: path.join(folder, 'compile-cache'),
});
console.log(report(found));
for (const broken of found.broken) {
  const options = `${powerCut ? ' --power-cut' : ''}${sabotage ? ` --sabotage ${sabotage}` : ''}`;
  const only = /^\d+$/.test(broken.life) ? ` --life ${broken.life}` : '';
  console.error(`\n${disagreement(broken, `npm run crash -- --seed ${seed}${only}${options}`)}`);
  process.exitCode = 1;
}
