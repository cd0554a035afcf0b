/**
 * `npm run fuzz -- [--seconds N] [--seed S]`: a hostile DUT and damaged input for every parser, until the time is up or a
 * promise is broken: no crash, no hang, no unhandled rejection, bounded memory, always a verdict with a code. What broke
 * one is written to `.tmp/fuzz/`, and `npm run fuzz -- --case FILE` runs it again.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readCase, writeCase } from './fuzz/case-file.ts';
import { type FuzzOrder, type FuzzReport, runFuzz } from './fuzz/run-fuzz.ts';

function readCommandLine(): FuzzOrder {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
      case: { type: 'string' },
    },
  });
  return {
    milliseconds: numberOf('--seconds', values.seconds, 1, 86_400) * 1000,
    seed: numberOf('--seed', values.seed, 0, 2 ** 32 - 1),
    only: values.case === undefined ? undefined : readCase(values.case),
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`${option} takes a number from ${least} to ${most}`);
}

function commandLineOrExit(): FuzzOrder {
  try {
    return readCommandLine();
  } catch (error) {
    console.error(`fuzz: ${(error as Error).message}`);
    console.error('usage: npm run fuzz -- [--seconds N] [--seed S] | --case FILE');
    process.exit(2);
  }
}

function show({ cases, tookMs, rss }: FuzzReport): void {
  const total = Object.values(cases).reduce((sum, count) => sum + count, 0);
  for (const [kind, count] of Object.entries(cases)) console.log(`${String(count).padStart(9)}  ${kind}`);
  const mib = (bytes: number) => Math.round(bytes / 1024 ** 2);
  console.log(`${String(total).padStart(9)}  cases in ${(tookMs / 1000).toFixed(1)} s`);
  console.log(
    `memory (resident): ${mib(rss.first)} MiB at first, ${mib(rss.peak)} at most, ${mib(rss.last)} at last`,
  );
}

const order = commandLineOrExit();
if (order.only === undefined) console.log(`seed ${order.seed}, ${order.milliseconds / 1000} s`);
const report = await runFuzz(order);
show(report);
if (report.failure === undefined) console.log('no promise was broken');
else {
  const { case: found, what } = report.failure;
  console.error(`\nBROKEN${found === undefined ? '' : ` by a case of ${found.kind}`}: ${what}`);
  if (found !== undefined && order.only === undefined) {
    const folder = path.join(path.dirname(import.meta.dirname), '.tmp/fuzz');
    console.error(
      `again: npm run fuzz -- --case ${path.relative(process.cwd(), writeCase(folder, found, what))}`,
    );
  }
  process.exitCode = 1;
}
