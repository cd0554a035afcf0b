/**
 * What a screen is shown of its session: the newest state, at the pace in which the screen draws. No verdict is passed over:
 * one that is not shown yet is shown before what comes after it at its fixture.
 */
import type { FixtureView, StationView } from '../station/views.ts';
import type { StopView } from './contract.ts';

export interface SessionState {
  /** `connecting` before the first picture, `live` while changes arrive, `lost` while it is not known what is true now. */
  readonly link: 'connecting' | 'live' | 'lost';
  /** The last picture; absent only before the first. */
  readonly view?: StationView;
  /** In its place, where the station is not open. */
  readonly stop?: StopView;
}

/**
 * Calls `show` once, when the screen draws. Gives the way out.
 * @param isAwaited somebody at this window waits for it: in the next frame; anything else may wait for one after it
 */
export type ShowLater = (show: () => void, isAwaited: boolean) => () => void;

export class ShownState {
  readonly #later: ShowLater;
  readonly #listeners = new Set<() => void>();
  #newest: SessionState = { link: 'connecting' };
  #shown = this.#newest;
  #coming: { readonly isAwaited: boolean; leave: () => void } | undefined;

  constructor(later: ShowLater) {
    this.#later = later;
  }

  get newest(): SessionState {
    return this.#newest;
  }

  get shown(): SessionState {
    return this.#shown;
  }

  change(next: SessionState, isAwaited: boolean): void {
    if (passesOverVerdict(this.#shown.view, this.#newest.view, next.view)) this.#show();
    this.#newest = next;
    if (next.link !== this.#shown.link) this.#show();
    if (this.#shown === next || this.#coming?.isAwaited || (this.#coming && !isAwaited)) return;
    this.#coming?.leave();
    const coming = { isAwaited, leave: () => {} };
    this.#coming = coming;
    coming.leave = this.#later(() => {
      this.#coming = undefined;
      this.#show();
    }, isAwaited);
  }

  /** Calls the listener after every change of `shown`; returns the way out. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #show(): void {
    if (this.#shown === this.#newest) return;
    this.#shown = this.#newest;
    for (const listener of this.#listeners) listener();
  }
}

function passesOverVerdict(
  shown: StationView | undefined,
  newest: StationView | undefined,
  next: StationView | undefined,
): boolean {
  if (!newest || newest === shown || newest.fixtures === next?.fixtures) return false;
  return newest.fixtures.some(fixture => {
    const verdict = verdictOf(fixture);
    const isFor = ({ id }: FixtureView) => id === fixture.id;
    return (
      verdict !== undefined &&
      verdict !== verdictOf(shown?.fixtures.find(isFor)) &&
      verdict !== verdictOf(next?.fixtures.find(isFor))
    );
  });
}

/** By its harvest. */
function verdictOf(fixture: FixtureView | undefined): string | undefined {
  return fixture?.state === 'decided' ? fixture.verdict?.harvestId : undefined;
}
