/**
 * The drain of a backlog, from the ledger to the acknowledgement in it: against the same number of bulk requests at once
 * through the same client without a ledger, against one PUT at a time, and against a budget of operations. And the CPU
 * time of the client beside plain node:https.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EnrollmentDocument } from '../../src/dps/service.ts';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import { type BudgetSetting, unlimitedBudget } from '../../src/outbox/operation-budget.ts';
import { makePace } from '../../src/outbox/pace.ts';
import { PacedService } from '../../src/outbox/paced-service.ts';
import { widest } from '../../src/outbox/request-width.ts';
import { systemTiming, type Timing } from '../../src/outbox/timing.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { outboxStoreOf } from '../../src/station/drain/outbox-store.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import { type BenchDps, startBenchDps } from './bench-dps.ts';
import { type Comparison, compare } from './comparison.ts';
import { sampleAttempts } from './sample-attempts.ts';

export interface DrainOptions {
  readonly rounds: number;
  readonly devicesPerRound: number;
}

const replyMs = 80;
const bulk = 10;
const warmUpRounds = 1;

export async function compareDrain(options: DrainOptions): Promise<readonly Comparison[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const dps = await startBenchDps({ folder, replyMs });
  const core = stationFor(dps, folder);
  try {
    return [
      await againstRaw(core, dps, options),
      await againstOneByOne(core, dps, options),
      await cpuOfClient(dps, options),
      await againstBudget(options),
    ];
  } finally {
    core.close();
    await dps.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function againstRaw(core: StationCore, dps: BenchDps, options: DrainOptions): Promise<Comparison> {
  const { rounds, devicesPerRound } = options;
  const documents = documentsOf(core, devicesPerRound);
  const client = dps.connect();
  const peak = new PeakMemory();
  const comparison = await compare({
    name: `drain of a backlog at ${replyMs} ms a reply`,
    unit: 'enrollments/s',
    rounds,
    warmUpRounds,
    against: 'same client',
    keyline: async () => {
      record(core, devicesPerRound);
      return peak.during(() =>
        rateOf(devicesPerRound, () => drainAll(core, dps, unlimitedBudget, systemTiming)),
      );
    },
    floor: () => rateOf(devicesPerRound, () => sendAll(documents, batch => client.createMany(batch))),
    goal: { atLeast: 0.9 },
  });
  client.close();
  return { ...comparison, counts: { devicesPerRound, requestsAtOnce: widest, peakMiB: peak.mebibytes } };
}

/** A loop with one PUT at a time, as Microsoft's samples do it; the same transport, a small share of the devices. */
async function againstOneByOne(core: StationCore, dps: BenchDps, options: DrainOptions): Promise<Comparison> {
  const { rounds, devicesPerRound } = options;
  const documents = documentsOf(core, 40);
  return compare(
    {
      name: `drain of a backlog at ${replyMs} ms a reply, and the loop that it replaces`,
      unit: 'enrollments/s',
      rounds: Math.min(rounds, 3),
      warmUpRounds,
      against: 'one PUT at a time',
      keyline: async () => {
        record(core, devicesPerRound);
        return rateOf(devicesPerRound, () => drainAll(core, dps, unlimitedBudget, systemTiming));
      },
      floor: () =>
        rateOf(documents.length, async () => {
          for (const document of documents) await dps.put(document);
        }),
      goal: { atLeast: 79 },
    },
    { devicesPerRound },
  );
}

async function cpuOfClient(dps: BenchDps, { rounds, devicesPerRound }: DrainOptions): Promise<Comparison> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const core = stationFor(dps, folder);
  const documents = documentsOf(core, devicesPerRound);
  core.close();
  await rm(folder, { recursive: true, force: true });
  const client = dps.connect();
  const comparison = await compare(
    {
      name: 'CPU time of the client, an enrollment',
      unit: 'ms',
      rounds,
      against: 'node:https',
      keyline: () => cpuOf(documents.length, () => sendAll(documents, batch => client.createMany(batch))),
      floor: () => cpuOf(documents.length, () => sendAll(documents, batch => dps.plain.create(batch))),
      goal: { atMost: 1.2 },
    },
    { devicesPerRound, requestsAtOnce: widest },
  );
  client.close();
  return comparison;
}

/** Time ten times as fast for the service and for the drain: a minute of 1,000 operations lasts six seconds. */
async function againstBudget({ devicesPerRound }: DrainOptions): Promise<Comparison> {
  const timeFactor = 10;
  const operations = 1_000;
  const windowMs = 60_000 / timeFactor;
  const begun = performance.now();
  const fastTime: Timing = {
    ...systemTiming,
    now: () => Math.round((performance.now() - begun) * timeFactor),
    sleep: (ms, signal) => systemTiming.sleep(ms / timeFactor, signal),
  };
  const devices = Math.max(devicesPerRound, 12_000);
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const dps = await startBenchDps({ folder, replyMs: 20, budget: { operations, windowMs } });
  const core = stationFor(dps, folder);
  let enrollmentsPerCall = 0;
  let refusedShare = 0;
  try {
    const limit = (operations * 1000) / windowMs;
    record(core, devices);
    const comparison = await compare({
      name: 'drain of a backlog under a budget of operations',
      unit: 'calls/s',
      rounds: 1,
      warmUpRounds: 0,
      against: 'the limit',
      keyline: async () => {
        await dps.counts();
        const start = performance.now();
        await drainAll(core, dps, { operationsPerMinute: operations, bulkCost: 1 }, fastTime);
        const seconds = (performance.now() - start) / 1000;
        const { calls, refused, enrollments } = await dps.counts();
        enrollmentsPerCall = Number((enrollments / (calls - refused)).toFixed(2));
        refusedShare = Number((refused / calls).toFixed(4));
        return calls / seconds;
      },
      floor: async () => limit,
      goal: { atLeast: 0.95 },
    });
    return { ...comparison, counts: { devicesPerRound: devices, enrollmentsPerCall, refusedShare } };
  } finally {
    core.close();
    await dps.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function stationFor(dps: BenchDps, folder: string): StationCore {
  return openCore({
    dataDirectory: path.join(folder, 'station'),
    env: { KEYLINE_REHEARSAL: '1', KEYLINE_DPS_CONNECTION_STRING: dps.connectionString },
  });
}

let recorded = 0;

function record(core: StationCore, devices: number): void {
  for (const attempt of sampleAttempts(devices, core.configuration.products[0]!)) {
    recorded += 1;
    const { verdict, code } = recordAttempt(core, { ...attempt, serial: `BENCH-${recorded}` });
    if (verdict !== 'passed') throw new Error(`an attempt that should pass ended as ${verdict}: ${code}`);
  }
}

/** Recorded for the others to send; set aside so that the drain does not find them. */
function documentsOf(core: StationCore, count: number): readonly EnrollmentDocument[] {
  record(core, count);
  const store = outboxStoreOf(core, core.dpsTarget!);
  const taken = store.take(count, Date.now()).flatMap(item => (item.kind === 'entry' ? [item.entry] : []));
  store.settle(taken.map(({ entryId }) => ({ kind: 'enrolled', entryId, how: 'acknowledged' })));
  return taken.flatMap(entry => (entry.operation === 'create' ? [entry.document] : []));
}

async function drainAll(
  core: StationCore,
  dps: BenchDps,
  budget: BudgetSetting,
  timing: Timing,
): Promise<void> {
  const pace = makePace(budget, timing);
  const service = new PacedService(dps.connect(), pace, timing);
  try {
    const report = await drainOnce({ store: outboxStoreOf(core, core.dpsTarget!), service, pace, timing });
    if (report.remaining > 0) throw new Error(`the drain left ${report.remaining}: ${report.stopped?.code}`);
  } finally {
    service.close();
  }
}

async function sendAll(
  documents: readonly EnrollmentDocument[],
  send: (batch: readonly EnrollmentDocument[]) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < documents.length) {
      const batch = documents.slice(next, next + bulk);
      next += bulk;
      await send(batch);
    }
  };
  await Promise.all(Array.from({ length: widest }, lane));
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (count * 1000) / (performance.now() - begun);
}

async function cpuOf(count: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

/** Of this process, looked at twice a second. */
class PeakMemory {
  #bytes = 0;

  get mebibytes(): number {
    return Math.round(this.#bytes / 2 ** 20);
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const look = () => {
      this.#bytes = Math.max(this.#bytes, process.memoryUsage.rss());
    };
    const timer = setInterval(look, 500);
    try {
      return await work();
    } finally {
      look();
      clearInterval(timer);
    }
  }
}
