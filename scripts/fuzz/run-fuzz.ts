/** The judge: lets a thread try cases, and says what became of them, whatever becomes of the thread. */
import { Worker } from 'node:worker_threads';
import type { FuzzCase } from './fuzz-case.ts';
import { caseNumber, makeSharedCase, shownCase } from './shared-case.ts';

/** More than any case may take by its own promise. */
const HANG_MS = 20_000;
const HEAP_LIMIT_MB = 512;
const RSS_LIMIT_BYTES = 1024 ** 3;
const LOOK_MS = 250;

export interface FuzzOrder {
  readonly seed: number;
  /** Until the time is up, or so many rounds through all kinds were made. */
  readonly milliseconds: number;
  readonly rounds?: number;
  /** Only this case, once. */
  readonly only?: FuzzCase | undefined;
}
export interface WorkOrder extends Required<Omit<FuzzOrder, 'only'>> {
  readonly only: FuzzCase | undefined;
  readonly current: SharedArrayBuffer;
}
/** The thread's own report. */
export interface Tried {
  readonly cases: Readonly<Record<string, number>>;
  readonly failed?: string;
}

/** What a judge watches, and how patiently. */
export interface Watch {
  readonly worker: URL;
  readonly hangMs: number;
  readonly heapMb: number;
}
const watchOfCases: Watch = {
  worker: new URL('worker.ts', import.meta.url),
  hangMs: HANG_MS,
  heapMb: HEAP_LIMIT_MB,
};

export interface FuzzReport {
  readonly cases: Readonly<Record<string, number>>;
  readonly tookMs: number;
  /** Resident bytes of the whole process. */
  readonly rss: { readonly first: number; readonly peak: number; readonly last: number };
  readonly failure?: { readonly case: FuzzCase | undefined; readonly what: string };
}

export async function runFuzz(order: FuzzOrder, watch: Watch = watchOfCases): Promise<FuzzReport> {
  const begun = performance.now();
  const current = makeSharedCase();
  const workOrder: WorkOrder = { rounds: Number.POSITIVE_INFINITY, only: undefined, ...order, current };
  const worker = new Worker(watch.worker, {
    workerData: workOrder,
    resourceLimits: { maxOldGenerationSizeMb: watch.heapMb },
  });
  const first = process.memoryUsage.rss();
  let peak = first;
  let tried: Tried = { cases: {} };
  let ended: string | undefined;
  worker.on('message', (told: Tried) => {
    tried = told;
  });
  worker.on('error', error => {
    ended ??= `the thread ended: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  });
  let seen = -1;
  let seenAt = performance.now();
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    const number = caseNumber(current);
    if (number !== seen) [seen, seenAt] = [number, performance.now()];
    const hangs = performance.now() - seenAt > watch.hangMs;
    if (hangs) ended ??= `no end after ${watch.hangMs} ms`;
    if (peak > RSS_LIMIT_BYTES) ended ??= `${Math.round(peak / 1024 ** 2)} MiB resident`;
    if (ended !== undefined) void worker.terminate();
  }, LOOK_MS);
  // Not `once` of node:events, which rejects at the `error` that comes before.
  const exitCode = await new Promise<number>(resolve => worker.once('exit', resolve));
  clearInterval(look);
  if (exitCode !== 0) ended ??= `the thread ended with ${exitCode}`;
  const what = ended ?? tried.failed;
  return {
    cases: tried.cases,
    tookMs: performance.now() - begun,
    rss: { first, peak, last: process.memoryUsage.rss() },
    ...(what === undefined ? {} : { failure: { case: shownCase(current), what } }),
  };
}
