/**
 * What the steps of one drain share: the store, the service, the time, and what this process has seen of the entries on
 * their way. Settlements go through here, so that they are counted and reported where they are made durable.
 */
import type { EnrollmentService } from '../dps/service.ts';
import { lossesInCompany, waitOfEntry } from './backoff.ts';
import type { OutboxEntry, OutboxStore, Settlement, TakenEntry } from './store.ts';
import { type DrainProgress, Tally } from './tally.ts';
import type { Timing } from './timing.ts';

export interface DrainSetting {
  readonly store: OutboxStore;
  readonly service: EnrollmentService;
  readonly timing: Timing;
  /** Requests on their way at once. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: DrainProgress) => void;
}

export const defaultConcurrency = 2;

export class DrainDesk {
  readonly store: OutboxStore;
  readonly service: EnrollmentService;
  readonly timing: Timing;
  readonly concurrency: number;
  readonly tally = new Tally();
  readonly #onProgress: DrainSetting['onProgress'];
  /** By entry id: times it was sent and then not found in DPS. Only entries still on their way are in it. */
  readonly #losses = new Map<string, number>();

  constructor(setting: DrainSetting) {
    this.store = setting.store;
    this.service = setting.service;
    this.timing = setting.timing;
    this.concurrency = setting.concurrency ?? defaultConcurrency;
    this.#onProgress = setting.onProgress;
  }

  /** Makes them durable in one transaction; nothing is counted before. */
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

  goesAlone(entry: OutboxEntry): boolean {
    return (this.#losses.get(entry.entryId) ?? 0) >= lossesInCompany;
  }
}
