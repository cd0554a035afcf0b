/**
 * `npm run bench [-- harvest links …] [--rounds N] [--records N] [--json]`: Keyline against the least that the same work
 * can cost, as ratios of one run. Without names everything is measured. Goals are printed, not enforced: the figures
 * are the machine's as well.
 */
import { parseArgs } from 'node:util';
import { compareBackup } from './bench/backup-rate.ts';
import type { Comparison } from './bench/comparison.ts';
import { compareSearch } from './bench/device-search.ts';
import { compareDrain } from './bench/drain-rate.ts';
import { compareExport } from './bench/export-rate.ts';
import { measureFinding } from './bench/find-among-million.ts';
import { compareHarvest } from './bench/harvest-latency.ts';
import { compareLinks } from './bench/harvest-link.ts';
import { compareAtOnce } from './bench/harvests-at-once.ts';
import { compareImport } from './bench/import-rate.ts';
import { measureInput } from './bench/input-at-work.ts';
import { compareLot } from './bench/lot-rate.ts';
import { describeMachine } from './bench/machine.ts';
import type { Measurement } from './bench/measurement.ts';
import { compareScreen } from './bench/pass-on-screen.ts';
import { compareRecord } from './bench/record-rate.ts';
import { report } from './bench/report.ts';
import { measureShift } from './bench/shift-memory.ts';
import { compareStart } from './bench/start-up.ts';
import { compareVerify } from './bench/verify-rate.ts';

interface Amounts {
  readonly rounds: number | undefined;
  readonly recordsPerRound: number | undefined;
}

const benches: Readonly<
  Record<string, (amounts: Amounts) => Promise<readonly (Comparison | Measurement)[]>>
> = {
  harvest: ({ rounds = 60 }) => compareHarvest(rounds),
  links: ({ rounds = 15 }) => compareLinks(rounds),
  'at-once': ({ rounds = 20 }) => compareAtOnce(rounds),
  record: async ({ rounds = 30, recordsPerRound = 200 }) => [
    await compareRecord({ rounds, recordsPerRound }),
  ],
  screen: async ({ rounds = 60 }) => [await compareScreen(rounds)],
  start: ({ rounds = 15 }) => compareStart(rounds),
  drain: ({ rounds = 3, recordsPerRound = 10_000 }) =>
    compareDrain({ rounds, devicesPerRound: recordsPerRound }),
  verify: ({ rounds = 3, recordsPerRound = 1_000_000 }) =>
    compareVerify({ rounds, entries: recordsPerRound }),
  export: ({ rounds = 9, recordsPerRound = 100_000 }) => compareExport({ rounds, entries: recordsPerRound }),
  lot: ({ rounds = 5, recordsPerRound = 100_000 }) => compareLot({ rounds, devices: recordsPerRound }),
  backup: ({ rounds = 9, recordsPerRound = 200_000 }) => compareBackup({ rounds, entries: recordsPerRound }),
  import: ({ rounds = 1, recordsPerRound = 1_000_000 }) =>
    compareImport({ rounds, devices: recordsPerRound }),
  devices: ({ rounds = 300, recordsPerRound = 1_000_000 }) =>
    compareSearch({ rounds, devices: recordsPerRound }),
  find: ({ rounds = 40, recordsPerRound = 1_000_000 }) =>
    measureFinding({ rounds, devices: recordsPerRound }),
  input: ({ rounds = 40, recordsPerRound = 1_000_000 }) => measureInput({ rounds, devices: recordsPerRound }),
  shift: ({ recordsPerRound = 20_000 }) => measureShift({ devices: recordsPerRound }),
};

function readCommandLine() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' }, records: { type: 'string' }, json: { type: 'boolean' } },
  });
  const unknown = positionals.find(name => !(name in benches));
  if (unknown !== undefined) throw new Error(`no bench is called ${unknown}`);
  return {
    names: positionals.length > 0 ? positionals : Object.keys(benches),
    json: values.json ?? false,
    amounts: {
      rounds: positive('--rounds', values.rounds),
      recordsPerRound: positive('--records', values.records),
    },
  };
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d{0,7}$/.test(text))
    throw new Error(`${option} takes a number from 1 on`);
  return text === undefined ? undefined : Number(text);
}

function commandLineOrExit() {
  try {
    return readCommandLine();
  } catch (error) {
    console.error(`bench: ${(error as Error).message}`);
    console.error(
      `usage: npm run bench -- [${Object.keys(benches).join('] [')}] [--rounds N] [--records N] [--json]`,
    );
    process.exit(2);
  }
}

const { names, json, amounts } = commandLineOrExit();
const machine = describeMachine();
const results: (Comparison | Measurement)[] = [];
for (const name of names) results.push(...(await benches[name]!(amounts)));
const comparisons = results.filter(result => 'ratio' in result);
const measurements = results.filter(result => !('ratio' in result));
console.log(
  json ? JSON.stringify({ machine, comparisons, measurements }, undefined, 2) : report(machine, results),
);
