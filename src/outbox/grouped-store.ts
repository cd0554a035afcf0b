/**
 * The outbox in larger transactions: a disk takes as long to make one entry durable as to make a hundred, and while it
 * does, nothing is sent. Entries are taken ahead, for as many requests as are on their way at once, and what answers said
 * in one turn of the event loop is settled together; both behind the requests for which those answers made room. So a
 * ledger that is slower lets groups grow, and no timer is needed.
 *
 * The rules stay: taken entries are in `sending` before anything is sent, and an answer that is not settled yet when the
 * process dies is asked about. Questions to the store see everything that was settled.
 */
import type { OutboxStore, Settlement, TakenEntry } from './store.ts';

/** Entries that are settled in one turn: writing them holds up the answers that come meanwhile. */
const settledInATurn = 100;

export class GroupedStore implements OutboxStore {
  readonly #inner: OutboxStore;
  /** Requests on their way at once. */
  readonly #requests: () => number;
  readonly #taken: TakenEntry[] = [];
  readonly #settlements: Settlement[] = [];
  #takesAhead: (() => void) | undefined;
  #turn: NodeJS.Immediate | undefined;
  /** What the store threw while nobody waited for it. */
  #fault: { readonly error: unknown } | undefined;

  constructor(inner: OutboxStore, requests: () => number) {
    this.#inner = inner;
    this.#requests = requests;
  }

  take(limit: number, now: number): readonly TakenEntry[] {
    this.#throwFault();
    const ahead = this.#requests() * limit;
    const more = () => void this.#taken.push(...this.#inner.take(ahead, now));
    if (this.#taken.length === 0) more();
    // What is empty may have been given back just now.
    if (this.#taken.length === 0 && this.#settlements.length > 0) {
      this.#settleGathered();
      more();
    }
    const taken = this.#taken.splice(0, limit);
    if (taken.length > 0 && this.#taken.length < ahead / 2) {
      this.#takesAhead = more;
      this.#atEndOfTurn();
    }
    return taken;
  }

  unresolved(limit: number): readonly TakenEntry[] {
    this.#settleNow();
    return this.#inner.unresolved(limit);
  }

  settle(settlements: readonly Settlement[]): void {
    this.#settlements.push(...settlements);
    this.#atEndOfTurn();
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
    this.#takesAhead = undefined;
    const detail = 'Not sent: the drain paused before it.';
    for (const item of this.#taken.splice(0)) {
      const { entryId } = item.kind === 'entry' ? item.entry : item;
      this.#settlements.push({ kind: 'requeued', entryId, notBefore: 0, detail });
    }
    this.#settleNow();
  }

  /** Requests that were made in this turn are on the wire by then. */
  #atEndOfTurn(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      try {
        this.#settleGathered(settledInATurn);
        this.#takesAhead?.();
      } catch (error) {
        this.#fault ??= { error };
      }
      this.#takesAhead = undefined;
      if (this.#settlements.length > 0) this.#atEndOfTurn();
    });
  }

  #settleNow(): void {
    this.#throwFault();
    this.#settleGathered();
  }

  /** What cannot be written down stays in `sending`, and is asked about. */
  #settleGathered(most = this.#settlements.length): void {
    const settlements = this.#settlements.splice(0, most);
    if (settlements.length > 0) this.#inner.settle(settlements);
  }

  #throwFault(): void {
    if (!this.#fault) return;
    const { error } = this.#fault;
    this.#fault = undefined;
    throw error;
  }
}
