/** What a drain did so far, counted by settlement. */
import type { Settlement } from './store.ts';

export interface DrainCounts {
  /** Entries that DPS is known to hold now, however that became known. */
  readonly enrolled: number;
  /** Of these: found there by asking and not by the reply to our request. */
  readonly recognised: number;
  readonly conflicts: number;
  readonly quarantined: number;
  /** Times that an entry went back into the queue. */
  readonly requeued: number;
}

export interface DrainProgress extends DrainCounts {
  /** Entries that must still reach DPS. */
  readonly remaining: number;
}

export class Tally {
  #enrolled = 0;
  #recognised = 0;
  #conflicts = 0;
  #quarantined = 0;
  #requeued = 0;

  add(settlement: Settlement): void {
    switch (settlement.kind) {
      case 'enrolled':
        this.#enrolled++;
        if (settlement.how !== 'acknowledged') this.#recognised++;
        break;
      case 'conflict':
        this.#conflicts++;
        break;
      case 'quarantined':
        this.#quarantined++;
        break;
      case 'requeued':
        this.#requeued++;
        break;
    }
  }

  /** Grows with every entry that left the queue; going back into it is no headway. */
  get headway(): number {
    return this.#enrolled + this.#conflicts + this.#quarantined;
  }

  counts(): DrainCounts {
    return {
      enrolled: this.#enrolled,
      recognised: this.#recognised,
      conflicts: this.#conflicts,
      quarantined: this.#quarantined,
      requeued: this.#requeued,
    };
  }
}
