/**
 * The outbox in larger transactions: a disk takes as long to make one entry durable as to make a hundred, and while it
 * does, nothing is sent. Entries are taken ahead, for as many requests as are on their way at once, and what answers said
 * in one turn of the event loop is settled together. So a ledger that is slower lets groups grow, and no timer is needed.
 *
 * The rules stay: taken entries are in `sending` before anything is sent, and an answer that is not settled yet when the
 * process dies is asked about. Whoever reads the store after settling sees what was settled.
 */
import type { OutboxStore, Settlement, TakenEntry } from './store.ts';

export class GroupedStore implements OutboxStore {
  readonly #inner: OutboxStore;
  /** Requests whose entries are taken at once. */
  readonly #ahead: () => number;
  #taken: TakenEntry[] = [];
  #settlements: Settlement[] = [];
  #flush: NodeJS.Immediate | undefined;
  /** What the store threw while nobody waited for it. */
  #fault: { readonly error: unknown } | undefined;

  constructor(inner: OutboxStore, ahead: () => number) {
    this.#inner = inner;
    this.#ahead = ahead;
  }

  take(limit: number, now: number): readonly TakenEntry[] {
    this.#throwFault();
    if (this.#taken.length === 0) {
      this.#settleGathered();
      this.#taken = [...this.#inner.take(limit * this.#ahead(), now)];
    }
    return this.#taken.splice(0, limit);
  }

  unresolved(limit: number): readonly TakenEntry[] {
    this.#settleNow();
    return this.#inner.unresolved(limit);
  }

  settle(settlements: readonly Settlement[]): void {
    this.#settlements.push(...settlements);
    this.#flush ??= setImmediate(() => {
      try {
        this.#settleGathered();
      } catch (error) {
        this.#fault = { error };
      }
    });
  }

  nextDue(): number | undefined {
    this.#settleNow();
    return this.#inner.nextDue();
  }

  waiting(): number {
    const settled = this.#settlements.filter(({ kind }) => kind !== 'requeued').length;
    return this.#inner.waiting() - settled;
  }

  /** The end of a round: what was taken ahead and not sent goes back to its place, and everything is settled. */
  endRound(): void {
    const detail = 'Not sent: the drain paused before it.';
    for (const item of this.#taken.splice(0)) {
      const { entryId } = item.kind === 'entry' ? item.entry : item;
      this.#settlements.push({ kind: 'requeued', entryId, notBefore: 0, detail });
    }
    this.#settleNow();
  }

  #settleNow(): void {
    this.#throwFault();
    this.#settleGathered();
  }

  #throwFault(): void {
    if (!this.#fault) return;
    const { error } = this.#fault;
    this.#fault = undefined;
    throw error;
  }

  #settleGathered(): void {
    clearImmediate(this.#flush);
    this.#flush = undefined;
    // What cannot be written down stays in `sending` and is asked about.
    const settlements = this.#settlements.splice(0);
    if (settlements.length > 0) this.#inner.settle(settlements);
  }
}
