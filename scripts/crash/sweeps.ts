/**
 * Sweeps: one small piece of work, killed at every single point of it, one after the other. The order strides through the
 * points, so that a short run has tried some of everywhere.
 */
import type { Fault } from './emulated-service.ts';
import { type Life, peaceMs, productName } from './life.ts';

export interface Sweep {
  readonly name: string;
  /** A new station for every point; else the one station lives on from point to point. */
  readonly fresh: boolean;
  readonly faults: readonly Fault[];
  /** Before the work that is killed. */
  readonly prepare: (life: Life) => Promise<void>;
  readonly work: (life: Life) => readonly string[];
}

async function importDevices(life: Life, file: string): Promise<void> {
  const end = await life.run(['import', file], peaceMs);
  life.witness.hear(end.stdout);
}

const sync = () => ['sync', '--once'];
const importTwo = (life: Life) => ['import', life.devices.importFile(2)];
const somethingWaits = async (life: Life) => {
  if (life.waiting < 3) await importDevices(life, life.devices.importFile(6));
};

/** At first something to update; then a new revision of the template whenever the last one was sent. */
const updatesWait = async (life: Life) => {
  if (life.waiting > 0) return;
  if (life.witness.inService.size === 0) await importDevices(life, life.devices.importFile(4));
  life.changeTemplate();
  await life.run(['devices', 'update', '--product', productName], peaceMs);
};

export const sweeps: readonly Sweep[] = [
  {
    name: 'drain with a lost reply',
    fresh: false,
    faults: [{ kind: 'reply-dropped', operations: ['bulk'], requests: 1 }],
    prepare: somethingWaits,
    work: sync,
  },
  { name: 'first start', fresh: true, faults: [], prepare: async () => {}, work: importTwo },
  { name: 'import', fresh: false, faults: [], prepare: async () => {}, work: importTwo },
  { name: 'drain', fresh: false, faults: [], prepare: somethingWaits, work: sync },
  { name: 'drain of updates', fresh: false, faults: [], prepare: updatesWait, work: sync },
  {
    name: 'drain of updates with a lost reply',
    fresh: false,
    faults: [{ kind: 'reply-dropped', operations: ['bulk'], requests: 1 }],
    prepare: updatesWait,
    work: sync,
  },
  {
    name: 'drain past 500 and 429',
    fresh: false,
    faults: [
      { kind: 'server-error', operations: ['bulk'], requests: 1 },
      { kind: 'throttled', operations: ['get'], requests: 1, retryAfterS: 1 },
    ],
    prepare: somethingWaits,
    work: sync,
  },
  {
    name: 'audit export',
    fresh: false,
    faults: [],
    prepare: somethingWaits,
    work: life => ['audit', 'export', '--format', 'jsonl', '--out', life.devices.placeFor('audit.jsonl')],
  },
];

/** @returns how many points the work passed when it was killed at none; undefined where that was not to be had */
export async function measure(life: Life, sweep: Sweep): Promise<number | undefined> {
  life.history.push(`sweep ${sweep.name}, not killed`);
  await sweep.prepare(life);
  await life.arm(sweep.faults);
  const args = sweep.work(life);
  const end = await life.run(args, peaceMs);
  if (args[0] === 'import') life.witness.hear(end.stdout);
  await life.judge();
  return end.killed ? undefined : end.points?.passed;
}

export async function killAt(life: Life, sweep: Sweep, point: number): Promise<void> {
  life.history.push(`sweep ${sweep.name}, point ${point}`);
  await sweep.prepare(life);
  await life.arm(sweep.faults);
  const args = sweep.work(life);
  const end = await life.run(args, peaceMs, { point });
  if (args[0] === 'import') life.witness.hear(end.stdout);
  await life.judge();
  if (!sweep.fresh) return;
  // As a person would after a first start that failed.
  const again = await life.run(args, peaceMs);
  life.witness.hear(again.stdout);
}

/** 1 to `points`, each once, in strides of about the golden section. */
export function strided(points: number): number[] {
  let stride = Math.max(1, Math.round(points * 0.618));
  while (divisor(stride, points) > 1) stride += 1;
  return Array.from({ length: points }, (_, step) => 1 + ((step * stride) % points));
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
