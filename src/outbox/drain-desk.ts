/**
 * What the steps of one drain share: the store, the service, the time, and what this process has seen of the entries on
 * their way. Settlements go through here, so that they are counted and reported where they are made durable.
 */
import type { DpsError } from '../dps/errors.ts';
import type { EnrollmentService } from '../dps/service.ts';
import { lossesInCompany, waitOfEntry } from './backoff.ts';
import { GroupedStore } from './grouped-store.ts';
import { unlimitedBudget } from './operation-budget.ts';
import { makePace, type Pace } from './pace.ts';
import type { OutboxEntry, OutboxStore, Settlement, TakenEntry } from './store.ts';
import { type DrainProgress, Tally } from './tally.ts';
import type { Timing } from './timing.ts';

export interface DrainSetting {
  readonly store: OutboxStore;
  readonly service: EnrollmentService;
  readonly timing: Timing;
  /** That of the service, where it keeps one; else calls are not held back. */
  readonly pace?: Pace;
  readonly onProgress?: (progress: DrainProgress) => void;
}

/** Questions on their way at once, of one round or of one bulk request. */
const questionsAtOnce = 4;

export class DrainDesk {
  readonly store: GroupedStore;
  readonly service: EnrollmentService;
  readonly timing: Timing;
  readonly pace: Pace;
  readonly concurrency = questionsAtOnce;
  readonly tally = new Tally();
  readonly #onProgress: DrainSetting['onProgress'];
  /** By entry id: times it was sent and then not found in DPS. Only entries still on their way are in it. */
  readonly #losses = new Map<string, number>();

  constructor(setting: DrainSetting) {
    this.service = setting.service;
    this.timing = setting.timing;
    this.pace = setting.pace ?? makePace(unlimitedBudget, setting.timing);
    this.store = new GroupedStore(setting.store, () => this.pace.width.current);
    this.#onProgress = setting.onProgress;
  }

  /** Makes them durable, together with others and before anything else is read from the store. */
  settle(settlements: readonly Settlement[]): void {
    if (settlements.length === 0) return;
    this.store.settle(settlements);
    for (const settlement of settlements) {
      this.tally.add(settlement);
      if (settlement.kind !== 'requeued') this.#losses.delete(settlement.entryId);
    }
    this.#onProgress?.(this.progress());
  }

  progress(): DrainProgress {
    return { ...this.tally.counts(), remaining: this.store.waiting() };
  }

  /** Sets the unreadable ones aside (rule O4) and returns the rest. */
  readable(taken: readonly TakenEntry[]): readonly OutboxEntry[] {
    const entries: OutboxEntry[] = [];
    const unreadable: Settlement[] = [];
    for (const item of taken) {
      if (item.kind === 'entry') entries.push(item.entry);
      else {
        const { entryId, detail } = item;
        unreadable.push({ kind: 'quarantined', entryId, reason: 'unreadable', detail });
      }
    }
    this.settle(unreadable);
    return entries;
  }

  /** It was sent, and DPS does not have it: back into the queue, at once the first times. */
  lost(entry: OutboxEntry, detail: string): Settlement {
    const losses = (this.#losses.get(entry.entryId) ?? 0) + 1;
    this.#losses.set(entry.entryId, losses);
    return this.requeued(entry, detail, waitOfEntry(losses));
  }

  requeued(entry: OutboxEntry, detail: string, waitMs = 0): Settlement {
    return { kind: 'requeued', entryId: entry.entryId, notBefore: this.timing.now() + waitMs, detail };
  }

  /** DPS did nothing of it, and says so or was never reached. */
  undone(entry: OutboxEntry, error: DpsError): Settlement {
    return this.requeued(entry, `Not taken by DPS: ${error.code}.`, error.retryAfterMs);
  }

  goesAlone(entry: OutboxEntry): boolean {
    return (this.#losses.get(entry.entryId) ?? 0) >= lossesInCompany;
  }
}
