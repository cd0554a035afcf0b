/**
 * Fixtures that start by themselves: a device that comes into an empty fixture is harvested as soon as its serial is there,
 * scanned before or after, or asked of the device. What was tested, or was there from the start, must be taken out first.
 * The bridges are looked at now and then (src/tcti/presence.ts), never while a harvest runs, and no TPM is spoken to.
 */
import { isPresent, type WatchableConf } from '../../tcti/presence.ts';
import type { FixtureView, HandsFreeView } from '../views.ts';

export interface HandsFreeFixture {
  readonly id: string;
  readonly conf: WatchableConf;
}

export interface HandsFreeOptions {
  readonly fixtures: readonly HandsFreeFixture[];
  /** Milliseconds between two looks at one bridge. */
  readonly everyMs?: number;
  readonly view: (id: string) => FixtureView | undefined;
  readonly show: (id: string, seen: HandsFreeView) => void;
  readonly start: (id: string) => void;
  /** A device came, and no serial waits for it: may ask the device, and arm the fixture. Never rejects. */
  readonly arrived: (id: string, signal: AbortSignal) => Promise<void>;
}

/** Seconds are soon enough for a hand that seats a device, and no load for whoever answers. */
const LOOK_EVERY_MS = { device: 500, network: 2_000 };
const LOOK_DEADLINE_MS = 2_000;
/** A single look can miss a device on a bad link; what is gone stays gone. */
const MISSES_TO_BE_GONE = 2;

interface Place {
  readonly fixture: HandsFreeFixture;
  seen: HandsFreeView;
  misses: number;
  timer: NodeJS.Timeout | undefined;
  /** Ends the look or the question that is under way. */
  ending: AbortController;
}

export class HandsFree {
  readonly #options: HandsFreeOptions;
  readonly #places = new Map<string, Place>();
  #closed = false;

  constructor(options: HandsFreeOptions) {
    this.#options = options;
    for (const fixture of options.fixtures) {
      const place: Place = {
        fixture,
        // Until it was seen empty, what sits there may have been tested before.
        seen: 'occupied',
        misses: 0,
        timer: undefined,
        ending: new AbortController(),
      };
      this.#places.set(fixture.id, place);
      options.show(fixture.id, place.seen);
      this.#lookLater(place, 0);
    }
  }

  /** To be told of every change of a fixture. */
  changed(view: FixtureView): void {
    const place = this.#places.get(view.id);
    if (place === undefined || this.#closed) return;
    if (view.state === 'running') {
      // A look that is under way might see the end of a device that is tested now.
      place.misses = 0;
      place.ending.abort();
      place.ending = new AbortController();
      if (place.seen !== 'occupied') this.#show(place, 'occupied');
    } else if (view.state === 'armed' && place.seen === 'arrived') this.#options.start(view.id);
  }

  close(): void {
    this.#closed = true;
    for (const { timer, ending } of this.#places.values()) {
      clearTimeout(timer);
      ending.abort();
    }
  }

  #lookLater(place: Place, afterMs = this.#pauseOf(place)): void {
    if (!this.#closed) place.timer = setTimeout(() => void this.#look(place), afterMs).unref();
  }

  #pauseOf({ fixture }: Place): number {
    return this.#options.everyMs ?? LOOK_EVERY_MS[fixture.conf.name === 'device' ? 'device' : 'network'];
  }

  async #look(place: Place): Promise<void> {
    const { fixture, ending } = place;
    if (this.#options.view(fixture.id)?.state !== 'running') {
      const { signal } = ending;
      const present = await isPresent(fixture.conf, { connectDeadlineMs: LOOK_DEADLINE_MS, signal });
      // A harvest that began meanwhile makes this look worthless.
      if (!signal.aborted) await this.#saw(place, present, signal);
    }
    this.#lookLater(place);
  }

  async #saw(place: Place, present: boolean, signal: AbortSignal): Promise<void> {
    place.misses = present ? 0 : place.misses + 1;
    if (!present) {
      if (place.misses >= MISSES_TO_BE_GONE && place.seen !== 'empty') this.#show(place, 'empty');
      return;
    }
    if (place.seen !== 'empty') return;
    const { id } = place.fixture;
    this.#show(place, 'arrived');
    if (this.#options.view(id)?.state !== 'running') await this.#options.arrived(id, signal);
  }

  /** Comes back by `changed`, which starts what is armed. */
  #show(place: Place, seen: HandsFreeView): void {
    place.seen = seen;
    this.#options.show(place.fixture.id, seen);
  }
}
