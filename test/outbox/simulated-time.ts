/**
 * Time that passes when everybody sleeps: the sleeper that is due first is woken next, so concurrent waits overlap as they
 * would, and an hour takes as long as what is done in it.
 */
import type { Timing } from '../../src/outbox/timing.ts';

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

export class SimulatedTime implements Timing {
  readonly startedAt: number;
  /** Every finite wait that was asked for, and when. */
  readonly waits: { readonly at: number; readonly ms: number }[] = [];
  #now: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();
  readonly #random: () => number;

  constructor(random: () => number = () => 0.999_999_9, startedAt = 1_700_000_000_000) {
    this.#random = random;
    this.startedAt = startedAt;
    this.#now = startedAt;
  }

  now = (): number => this.#now;
  random = (): number => this.#random();

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    if (Number.isFinite(ms)) this.waits.push({ at: this.#now, ms });
    return new Promise(resolve => {
      const sleeper: Sleeper = {
        at: this.#now + ms,
        order: this.#order++,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Lets so much time pass, and everybody do what is to be done in it. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const next = this.#first();
      if (!next || next.at > end) break;
      this.#now = Math.max(next.at, this.#now);
      next.wake();
    }
    this.#now = end;
  }

  /** Until the promise ends; at most so much time. */
  async until<T>(promise: Promise<T>, mostMs: number): Promise<T> {
    let ended = false;
    const watched = promise.finally(() => {
      ended = true;
    });
    watched.catch(() => {});
    const end = this.#now + mostMs;
    for (;;) {
      await settled();
      if (ended) return watched;
      const next = this.#first();
      if (!next || next.at > end) throw new Error(`nothing ended it within ${mostMs} ms of simulated time`);
      this.#now = Math.max(next.at, this.#now);
      next.wake();
    }
  }

  #first(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (!first || sleeper.at < first.at || (sleeper.at === first.at && sleeper.order < first.order))
        first = sleeper;
    return first;
  }
}

/** What is ready to run has run: a few turns of the event loop, because work is handed on through several. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise(resolve => setImmediate(resolve));
}
