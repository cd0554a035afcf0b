/**
 * Changes that wait for one client, in order. One that a later one makes unseen gives way to it: counts, and the steps of a
 * run. A fixture's change from one state to another never does, because each tells people something: a verdict has its tone.
 */
import type { FixtureView, LiveEvent } from '../station/views.ts';

export class WaitingChanges {
  #changes: LiveEvent[] = [];
  /** What was last added of each fixture, but for its steps. */
  readonly #stages = new Map<string, string>();

  get size(): number {
    return this.#changes.length;
  }

  /** @returns whether somebody waits for it: what a hand did, a verdict, a fault; counts and steps are only looked at */
  add(change: LiveEvent): boolean {
    switch (change.kind) {
      case 'outbox':
      case 'today':
        this.#replace(change, ({ kind }) => kind === change.kind);
        return false;
      case 'fixture': {
        const { id } = change.fixture;
        const stage = stageOf(change.fixture);
        const isNew = this.#stages.get(id) !== stage;
        this.#stages.set(id, stage);
        if (isNew) this.#changes.push(change);
        else this.#replace(change, earlier => earlier.kind === 'fixture' && earlier.fixture.id === id);
        return isNew;
      }
      default:
        this.#changes.push(change);
        return true;
    }
  }

  take(): readonly LiveEvent[] {
    const taken = this.#changes;
    this.#changes = [];
    return taken;
  }

  /** The last one alone: what lies before that was another stage. */
  #replace(change: LiveEvent, isOfSame: (earlier: LiveEvent) => boolean): void {
    const at = this.#changes.findLastIndex(isOfSame);
    if (at !== -1) this.#changes.splice(at, 1);
    this.#changes.push(change);
  }
}

function stageOf({ state, serial, verdict }: FixtureView): string {
  return `${state} ${verdict?.harvestId ?? ''} ${serial ?? ''}`;
}
