/**
 * The outbox as the drain sees it. The station implements this over the ledger: every method is one transaction that
 * also appends its audit entry, so a state and the evidence for it cannot part (rules O1, O3).
 */
import type { EnrollmentDocument } from '../dps/service.ts';
import type { EnrollmentChange } from './enrollment-change.ts';
import type { Operation } from './states.ts';

interface EntryBase {
  readonly entryId: string;
  readonly registrationId: string;
  readonly ekSha256: string;
  /** Null where an import named none. */
  readonly serial: string | null;
  readonly stationId: string;
  readonly harvestId: string;
  /** Times it was sent so far. */
  readonly attempts: number;
}

export interface CreateEntry extends EntryBase {
  readonly operation: 'create';
  readonly document: EnrollmentDocument;
}

export interface ChangeEntry extends EntryBase {
  readonly operation: Exclude<Operation, 'create'>;
  readonly document: EnrollmentChange;
  /** The etag of an enrollment that is not ours and that a supervisor decided to change nevertheless; else null. */
  readonly overEtag: string | null;
}

export type OutboxEntry = CreateEntry | ChangeEntry;

/** What a stored row turned out to be: unreadable ones are quarantined, never dropped (rule O4). */
export type TakenEntry =
  | { readonly kind: 'entry'; readonly entry: OutboxEntry }
  | { readonly kind: 'unreadable'; readonly entryId: string; readonly detail: string };

export type ConflictReason =
  | 'clone-elsewhere'
  | 'unknown-origin'
  | 'other-endorsement-key'
  /** It was created, and DPS does not have it any more. */
  | 'gone-from-dps';
export type QuarantineReason =
  | 'unreadable'
  | 'rejected-by-dps'
  | 'other-dps'
  /** The station that a courier brought it to refused it. */
  | 'courier-refused';

export type Settlement =
  /**
   * DPS fulfilled it: by the reply to our request (`acknowledged`), found so when we asked about a request of ours
   * (`recognised`), or found so without one (`already-there`).
   */
  | {
      readonly kind: 'enrolled';
      readonly entryId: string;
      readonly how: 'acknowledged' | 'recognised' | 'already-there';
      readonly etag?: string;
    }
  | {
      readonly kind: 'conflict';
      readonly entryId: string;
      readonly reason: ConflictReason;
      readonly theirs: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'quarantined';
      readonly entryId: string;
      readonly reason: QuarantineReason;
      readonly detail: string;
    }
  /** Not sent, or sent and known not to be there: back into the queue, not before the given time. */
  | {
      readonly kind: 'requeued';
      readonly entryId: string;
      readonly notBefore: number;
      readonly detail: string;
    };

/**
 * What a method throws goes through the drain to its caller; the entries concerned stay in `sending` and are asked
 * about next time. An unreadable entry that `take` or `unresolved` returns is settled at once as `quarantined`.
 */
export interface OutboxStore {
  /**
   * Moves up to `limit` due entries (oldest first, notBefore <= now) to `sending`, counts an attempt for each, and
   * returns them. Entries made for another DPS than the one being drained are never returned: the store settles them
   * itself as `quarantined` with `other-dps` (rule O8), and knows the DPS because the station made the store for it.
   */
  take(limit: number, now: number): readonly TakenEntry[];
  /**
   * Entries in `sending`, oldest first: their sender is gone, and they must be asked about before anything is sent
   * (rule O3). The drain calls it only while it has nothing on its way itself. Other DPS: as for `take`. Empty only when
   * not one entry is left in `sending`.
   */
  unresolved(limit: number): readonly TakenEntry[];
  /** Applies several settlements in one transaction. */
  settle(settlements: readonly Settlement[]): void;
  /** Epoch milliseconds at which the next queued entry is due; undefined when none is queued. */
  nextDue(): number | undefined;
  /**
   * Number of entries in `queued` or `sending` that must still reach DPS; not those behind an entry that waits for a
   * person, once nothing else is left.
   */
  waiting(): number;
}
