/** The geometry of the drain's plot: the past in steps, because nothing changed between two points, and the way to empty. Pure. */
import type { DrainOutlook } from '../../src/api/contract.ts';

export const width = 320;
export const height = 96;

export interface DrainCurve {
  /** SVG path data. */
  readonly past: string;
  /** Absent where nothing waits or nothing can be said. */
  readonly ahead?: string;
  readonly nowX: number;
  /** Where it is empty; absent where that is not in the picture. */
  readonly emptyX?: number;
  /** The highest that waited. */
  readonly most: number;
  readonly pastMs: number;
}

const minute = 60_000;
const leastPast = 10 * minute;
const mostAhead = 60 * minute;

export function drainCurve({ at, history, forecast }: DrainOutlook): DrainCurve {
  const pastMs = Math.max(leastPast, at - (history[0]?.at ?? at));
  const { emptyInMs, waiting } = forecast;
  const isAhead = waiting > 0 && emptyInMs !== null;
  const aheadMs = isAhead ? Math.min(Math.max(emptyInMs * 1.15, pastMs / 3), mostAhead) : pastMs / 6;
  const most = Math.max(waiting, ...history.map(point => point.waiting));
  const x = (ms: number) => round((width * (pastMs + ms)) / (pastMs + aheadMs));
  const y = (count: number) => round(height - 1 - ((height - 8) * count) / Math.max(most, 1));
  const points = history.map(point => ({ x: x(point.at - at), y: y(point.waiting) }));
  const [first, ...rest] = points;
  const past = first
    ? `M${first.x} ${first.y}${rest.map(point => `H${point.x}V${point.y}`).join('')}`
    : `M${x(0)} ${y(waiting)}`;
  const base = { past, nowX: x(0), most, pastMs };
  if (!isAhead) return base;
  const end = Math.min(emptyInMs, aheadMs);
  const left = waiting * (1 - end / Math.max(emptyInMs, 1));
  return {
    ...base,
    ahead: `M${x(0)} ${y(waiting)}L${x(end)} ${y(left)}`,
    ...(emptyInMs <= aheadMs && { emptyX: x(emptyInMs) }),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
