/**
 * What is known of this station's clock (rule O7): whether something keeps it in step, how far it is ahead of DPS's, and
 * whether it was moved since the newest entry of the audit log. Times are recorded as the clock gave them, never
 * corrected: with sequence, boot id and monotonic time an auditor sees a step, and a clock known to be wrong is
 * recorded as unsynced.
 */
import type { StationCore } from '../open-core.ts';
import { isWrong } from './station-clock.ts';

export interface ClockEvidence {
  readonly clock: 'synced' | 'unsynced';
  /** Milliseconds ahead of DPS (behind: negative); null before it answered. */
  readonly aheadMs: number | null;
  /**
   * Milliseconds by which it was moved since the newest entry: within one boot against the monotonic clock, which a
   * sleeping machine may have stopped; in a later boot only what it lies before that entry. Null where neither shows.
   */
  readonly steppedMs: number | null;
}

/** Slewing and rounding stay far below. */
const STEP_MS = 10_000;

export function clockEvidence(core: StationCore): ClockEvidence {
  const { clock } = core.clock.read();
  return { clock, aheadMs: core.clock.aheadMs() ?? null, steppedMs: stepSinceNewestEntry(core) };
}

function stepSinceNewestEntry(core: StationCore): number | null {
  const row = core.ledger.audit.get(core.ledger.audit.size() - 1);
  if (row === undefined) return null;
  const entry = JSON.parse(row.entry.toString('utf8')) as Record<string, unknown>;
  const { bootId, monotonicMs, at } = core.clock.read();
  const then = Date.parse(String(entry.at));
  if (Number.isNaN(then)) return null;
  const passed = entry.bootId === bootId ? monotonicMs - Number(entry.monotonicMs) : Math.max(0, at - then);
  const step = at - then - passed;
  return Math.abs(step) >= STEP_MS ? Math.round(step) : null;
}

/** `2 h`, `3 min`, `40 s`, `2 years`: what a person sets a clock by. */
export function roughly(ms: number): string {
  const span = Math.abs(ms);
  for (const [unit, length] of [
    ['years', 365.25 * 86_400_000],
    ['days', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ] as const)
    if (span >= length * 1.5 || (unit === 'min' && span >= length))
      return `${Math.round(span / length)} ${unit}`;
  return `${Math.round(span / 1000)} s`;
}

/** Undefined where the clock is right or nothing tells. */
export function wrongClockText(aheadMs: number | null): string | undefined {
  if (aheadMs === null || !isWrong(aheadMs)) return undefined;
  return `This station's clock is ${roughly(aheadMs)} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}
