/**
 * How many devices a second become fact, each durable before the next is begun: the station's own recording (judgement,
 * audit leaf, device, outbox) against the same rows written by better-sqlite3 alone. Both ledgers start empty and grow
 * alike.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Attempt } from '../../src/station/attempt/attempt.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import { type Comparison, compare, warmUpRounds } from './comparison.ts';
import { openRawLedger, type RawLedger, readLedger } from './raw-ledger.ts';
import { sampleAttempts } from './sample-attempts.ts';

export interface RecordOptions {
  readonly rounds: number;
  readonly recordsPerRound: number;
}

export async function compareRecord({ rounds, recordsPerRound }: RecordOptions): Promise<Comparison> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const first = openStation(path.join(folder, 'first'));
  const second = openStation(path.join(folder, 'second'));
  try {
    const attempts = sampleAttempts(
      (warmUpRounds + rounds) * recordsPerRound,
      second.configuration.products[0]!,
    );
    for (const attempt of attempts) recordPassed(first, attempt);
    const content = readLedger(first.directory.ledgerFile);
    const raw = openRawLedger(path.join(folder, 'raw.sqlite'), content);
    const share = <T>(all: readonly T[], round: number) =>
      all.slice(round * recordsPerRound, (round + 1) * recordsPerRound);
    const comparison = await compare(
      {
        name: 'durable record of a passed device',
        unit: 'records/s',
        rounds,
        keyline: async round => rate(share(attempts, round), attempt => recordPassed(second, attempt)),
        floor: async round => rate(share(content.attempts, round), rows => raw.record(rows)),
        goal: { atLeast: 0.9 },
      },
      { rowsPerRecord: 4, recordsPerRound },
    );
    holdSameDevices(second, raw);
    return comparison;
  } finally {
    first.close();
    second.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function openStation(dataDirectory: string): StationCore {
  return openCore({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' } });
}

function recordPassed(core: StationCore, attempt: Attempt): void {
  const { verdict, code } = recordAttempt(core, attempt);
  if (verdict !== 'passed') throw new Error(`an attempt that should pass ended as ${verdict}: ${code}`);
}

function rate<T>(work: readonly T[], record: (one: T) => void): number {
  const begun = performance.now();
  for (const one of work) record(one);
  return (work.length * 1000) / (performance.now() - begun);
}

function holdSameDevices(core: StationCore, raw: RawLedger): void {
  const ours = core.ledger.counts.devices();
  if (ours !== raw.count()) throw new Error(`Keyline has ${ours} devices, the floor ${raw.count()}`);
  raw.close();
}
