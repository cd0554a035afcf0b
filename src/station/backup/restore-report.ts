/** What going on from a backup came to: what it has, what it is known to lack, and what a person has to give again. */
import type { MissingEntries } from './missing-entries.ts';

export interface RestoreReport {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly backup: string;
  readonly madeAt: string;
  readonly dataDirectory: string;
  /** Where what was in the ledger's place lies now; null: nothing was there. */
  readonly setAside: string | null;
  readonly rehearsal: boolean;
  readonly devices: number;
  readonly previousOrigin: string;
  /** Entries that the old log has in the backup. */
  readonly entries: number;
  readonly origin: string;
  readonly verifierKey: string;
  /** What the checkpoints outside prove to be missing; empty: nothing, or there are none. */
  readonly missing: readonly MissingEntries[];
  /** Entries of the outbox that DPS is asked about before any is sent. */
  readonly asked: number;
  /** Files of the backup that were put back, and those that were here and stayed. */
  readonly putBack: readonly string[];
  readonly stayed: readonly string[];
  /** What a person has to give the station again. */
  readonly needs: { readonly pins: boolean; readonly dpsKey: boolean };
}
