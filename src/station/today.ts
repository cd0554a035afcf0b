/** Today's work at this station, in local time: passes, attempts, first-pass yield, and the pace of the last hour. */
import type { Ledger } from '../../db/ledger.ts';
import type { TodayView } from './views.ts';

export const SLOT_MS = 5 * 60_000;
const SLOTS = 12;

export function todayOf(ledger: Ledger, now: number): TodayView {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const tally = ledger.harvests.tally(midnight);
  const lastSlot = Math.floor(now / SLOT_MS) * SLOT_MS;
  return {
    passed: tally.passed,
    attempts: tally.attempts,
    ...(tally.serials === 0 ? {} : { firstPassYield: tally.passedAtFirst / tally.serials }),
    pace: ledger.harvests.passesPerSlot(lastSlot - (SLOTS - 1) * SLOT_MS, SLOT_MS, SLOTS),
  };
}
