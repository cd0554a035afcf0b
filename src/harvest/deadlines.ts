/** How long one run may wait; each fixture may have its own. A mute device ends within connect + command. */
export interface HarvestDeadlines {
  /** Milliseconds to connect or open. */
  readonly connectMs: number;
  /** Milliseconds for one TPM command. */
  readonly commandMs: number;
  /** Milliseconds for CreatePrimary: chips compute an RSA key for seconds to tens of seconds. */
  readonly createPrimaryMs: number;
  /** Milliseconds for the whole run. */
  readonly wholeMs: number;
}

export const defaultDeadlines: HarvestDeadlines = {
  connectMs: 5_000,
  commandMs: 10_000,
  createPrimaryMs: 120_000,
  wholeMs: 180_000,
};

/** What cleaning up after a failed or cancelled run may take in all; what then is left, the run's note remembers. */
export const CLEAN_UP_MS = 5_000;
