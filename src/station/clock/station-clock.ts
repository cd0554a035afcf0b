/**
 * The time as evidence: wall clock, whether something keeps it in step, and what a changed wall clock cannot forge
 * within one boot (boot id and monotonic milliseconds; rule O7). What DPS's answers say of the time is held beside it:
 * times in entries are never corrected by it, but a clock that is known to be wrong is not called synced.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

export interface ClockReading {
  /** Epoch milliseconds of the wall clock. */
  readonly at: number;
  readonly bootId: string;
  /** Milliseconds of the system's monotonic clock. */
  readonly monotonicMs: number;
  readonly clock: 'synced' | 'unsynced';
}

export interface StationClock {
  read(): ClockReading;
}

export interface MeasuredClock extends StationClock {
  /** DPS answered: by its `Date` it is so many milliseconds ahead of this station. */
  measured(skewMs: number): void;
  /**
   * Milliseconds that this clock is ahead of DPS's (behind: negative), carried on by the monotonic clock, so that
   * setting it right or wrong shows at once; undefined before DPS's first answer.
   */
  aheadMs(): number | undefined;
}

/** `Date` has whole seconds, answers take time, and nothing that is judged here is about minutes. */
export const TOLERATED_SKEW_MS = 60_000;

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Where the system has no boot id the process stands for it: monotonic times compare within one run only.
    return randomUUID();
  }
}

/** systemd-timesyncd touches it once it is in step; elsewhere we do not know, and say unsynced. */
const syncMark = '/run/systemd/timesync/synchronized';

/** A drain reads the clock thousands of times a second; whether time keeping works does not change so fast. */
const lookAgainMs = 1_000;

export function systemClock(): StationClock {
  const bootId = readBootId();
  let clock: ClockReading['clock'] = 'unsynced';
  let lookAt = Number.NEGATIVE_INFINITY;
  return {
    read() {
      const monotonicMs = Number(process.hrtime.bigint() / 1_000_000n);
      if (monotonicMs >= lookAt) {
        clock = existsSync(syncMark) ? 'synced' : 'unsynced';
        lookAt = monotonicMs + lookAgainMs;
      }
      return { at: Date.now(), bootId, monotonicMs, clock };
    },
  };
}

export function measuredClock(clock: StationClock): MeasuredClock {
  /** DPS's time less the monotonic one. */
  let serverOffset: number | undefined;
  const aheadOf = ({ at, monotonicMs }: ClockReading) =>
    serverOffset === undefined ? undefined : at - monotonicMs - serverOffset;
  return {
    read() {
      const reading = clock.read();
      return isWrong(aheadOf(reading)) ? { ...reading, clock: 'unsynced' } : reading;
    },
    measured(skewMs) {
      const { at, monotonicMs } = clock.read();
      serverOffset = at + skewMs - monotonicMs;
    },
    aheadMs: () => aheadOf(clock.read()),
  };
}

export function isWrong(aheadMs: number | undefined): aheadMs is number {
  return aheadMs !== undefined && Math.abs(aheadMs) > TOLERATED_SKEW_MS;
}
