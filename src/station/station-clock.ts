/**
 * The time as evidence: wall clock, whether something keeps it in step, and what a changed wall clock cannot forge
 * within one boot (boot id and monotonic milliseconds; rule O7).
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

export function systemClock(): StationClock {
  const bootId = readBootId();
  return {
    read: () => ({
      at: Date.now(),
      bootId,
      monotonicMs: Number(process.hrtime.bigint() / 1_000_000n),
      clock: existsSync(syncMark) ? 'synced' : 'unsynced',
    }),
  };
}
