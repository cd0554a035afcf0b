/** Real processes of a station, each ended with SIGKILL at a point of its own, at a moment from outside, or not at all. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CrashPlan } from './inside/preload.ts';

export const checkout = path.dirname(path.dirname(import.meta.dirname));
const launcher = path.join(checkout, 'keyline');
const preload = pathToFileURL(path.join(import.meta.dirname, 'inside/preload.ts')).href;
const pointPattern = /^crash-point (\d+) (.*)$/m;

export interface Death {
  /** At this point of its own, from 1 on. */
  readonly point?: number;
  /** So long after its start. */
  readonly afterMs?: number;
}

export interface ProcessEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly killed: boolean;
  /** It was still running when its time was up. */
  readonly overdue: boolean;
  /** The points that it passed and what the last one was; undefined where it was killed from outside. */
  readonly points: { readonly passed: number; readonly last: string } | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface StationProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessEnd>;
}

export interface StationOrder {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly sabotage: string | undefined;
  readonly death?: Death | undefined;
  readonly longestMs: number;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Nothing of the caller's Keyline environment gets in. */
export function launch(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(KEYLINE_|NODE_|CRASH_)/.test(name)),
  );
  const child = spawn(launcher, args, {
    env: { ...clean, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export function startStation(order: StationOrder): StationProcess {
  const plan: CrashPlan = { killAt: order.death?.point, sabotage: order.sabotage };
  const child = launch(order.args, {
    ...order.environment,
    NODE_OPTIONS: `--import=${preload}`,
    CRASH_PLAN: JSON.stringify(plan),
  });
  return { child, ended: follow(child, order) };
}

async function follow(child: ChildProcess, { death, longestMs }: StationOrder): Promise<ProcessEnd> {
  const begun = performance.now();
  let [stdout, stderr, overdue] = ['', '', false];
  child.stdout!.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const timers = [setTimeout(() => (overdue = child.kill('SIGKILL')), longestMs)];
  if (death?.afterMs !== undefined) timers.push(setTimeout(() => child.kill('SIGKILL'), death.afterMs));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  for (const timer of timers) clearTimeout(timer);
  const told = pointPattern.exec(stderr);
  const points = told ? { passed: Number(told[1]), last: told[2]! } : undefined;
  if (points?.passed === 0 && points.last !== 'end') throw new Error(points.last);
  const tookMs = performance.now() - begun;
  return { code, killed: code === null, overdue, points, stdout, stderr, tookMs };
}
