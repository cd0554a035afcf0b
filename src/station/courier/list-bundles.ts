/** What a courier carried from here and to here, newest first. */
import type { StationCore } from '../open-core.ts';

export interface ListedBundles {
  readonly packed: readonly {
    readonly bundleId: string;
    readonly sequence: number;
    readonly origin: string;
    readonly madeAt: string;
    readonly validUntil: string;
    readonly entries: number;
    /** Number of the newest receipt that came back; 0: none. */
    readonly receipt: number;
  }[];
  readonly taken: readonly {
    readonly bundleId: string;
    readonly sequence: number;
    readonly origin: string;
    readonly madeAt: string;
    readonly takenAt: string;
    readonly entries: number;
    /** Receipts that were written for it. */
    readonly receipts: number;
  }[];
}

const time = (at: number) => new Date(at).toISOString();

export function listBundles({ ledger }: StationCore, limit: number): ListedBundles {
  return {
    packed: ledger.courierPacked.newest(limit).map(row => ({
      bundleId: row.bundle_id,
      sequence: row.sequence,
      origin: row.origin,
      madeAt: time(row.made_at),
      validUntil: time(row.valid_until),
      entries: row.entries,
      receipt: row.receipt,
    })),
    taken: ledger.courierTaken.newest(limit).map(row => ({
      bundleId: row.bundle_id,
      sequence: row.sequence,
      origin: row.origin,
      madeAt: time(row.made_at),
      takenAt: time(row.taken_at),
      entries: row.entries,
      receipts: row.receipts,
    })),
  };
}
