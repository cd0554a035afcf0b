/**
 * The fixtures of a station and what goes on in each: idle → armed (a serial was scanned) → running → decided. Each runs
 * on its own; a hang or fault in one never delays another. Every change is told to the listener as a whole FixtureView.
 */
import type { HarvestStep, StepEvent } from '../../harvest/finding.ts';
import type { SerialSource } from '../attempt/device-serial.ts';
import type { HarvestResult } from '../attempt/harvest-device.ts';
import type { FixtureView, GoldenCheckView, HandsFreeView, VerdictView } from '../views.ts';
import { stepAtEnd, stepView, verdictView, waitingSteps } from './fixture-outcome.ts';

export interface BoardFixture {
  readonly id: string;
  readonly name: string;
}

export interface FixtureRun {
  readonly fixture: string;
  readonly serial: string;
  readonly serialFrom: SerialSource;
  /** Who brought the serial or started, where somebody signed in. */
  readonly personId: string | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (event: StepEvent) => void;
}

export interface BoardOptions {
  readonly fixtures: readonly BoardFixture[];
  /** Runs one harvest; its rejection is a fault of the station and becomes one on the board. */
  readonly run: (run: FixtureRun) => Promise<HarvestResult>;
  readonly onChange: (fixture: FixtureView) => void;
  /** Whether this serial may be tested there now; nothing begins where not, whoever starts it. */
  readonly mayTest?: (fixture: string, serial: string) => boolean;
  readonly onFault: (error: unknown) => void;
  /** The run of a fixture that is no longer there has ended. */
  readonly onGone: () => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Place {
  view: FixtureView;
  serialFrom: SerialSource;
  personId: string | undefined;
  cancel: AbortController | undefined;
  ended: Promise<void>;
  /** No longer configured: gone when its run ends. */
  leaves: boolean;
  /** When each step of the run began, in milliseconds of the run. */
  readonly began: Map<HarvestStep, number>;
}

function emptyPlace(id: string): Place {
  return {
    view: { id, name: id, number: 1, state: 'idle', steps: waitingSteps },
    serialFrom: 'label',
    personId: undefined,
    cancel: undefined,
    ended: Promise.resolve(),
    leaves: false,
    began: new Map(),
  };
}

export class FixtureBoard {
  readonly #options: BoardOptions;
  readonly #places = new Map<string, Place>();

  constructor(options: BoardOptions) {
    this.#options = options;
    this.arrange(options.fixtures);
  }

  /**
   * Other fixtures, in their new order. Whoever stays keeps what goes on there; one that is no longer there and runs stays
   * behind the others until its run is recorded.
   */
  arrange(fixtures: readonly BoardFixture[]): void {
    const before = new Map(this.#places);
    this.#places.clear();
    const put = (id: string, place: Place, name: string) => {
      place.view = { ...place.view, name, number: this.#places.size + 1 };
      this.#places.set(id, place);
    };
    for (const { id, name } of fixtures) {
      const place = before.get(id) ?? emptyPlace(id);
      place.leaves = false;
      put(id, place, name);
    }
    for (const [id, place] of before)
      if (!this.#places.has(id) && place.cancel) {
        place.leaves = true;
        put(id, place, place.view.name);
      }
  }

  views(): FixtureView[] {
    return [...this.#places.values()].map(place => place.view);
  }

  view(id: string): FixtureView | undefined {
    return this.#places.get(id)?.view;
  }

  /** The fixture that already holds this serial, armed or running. */
  holding(serial: string): FixtureView | undefined {
    return this.views().find(
      view => (view.state === 'armed' || view.state === 'running') && view.serial === serial,
    );
  }

  arm(id: string, serial: string, serialFrom: SerialSource = 'label', personId?: string): void {
    const place = this.#places.get(id);
    if (place) {
      place.serialFrom = serialFrom;
      place.personId = personId;
    }
    this.#show(id, { state: 'armed', serial });
  }

  /** With the serial that it was decided for, from where that came then. */
  armAgain(id: string, personId?: string): void {
    const place = this.#places.get(id);
    const serial = place?.view.serial;
    if (place?.view.state === 'decided' && serial !== undefined)
      this.arm(id, serial, place.serialFrom, personId);
  }

  clear(id: string): void {
    this.#show(id, { state: 'idle' });
  }

  /** What a fixture that starts by itself has seen. */
  showSeen(id: string, handsFree: HandsFreeView): void {
    const place = this.#places.get(id);
    if (!place) return;
    place.view = { ...place.view, handsFree };
    this.#options.onChange(place.view);
  }

  /** What is known of its check with a reference unit; told where it changed. */
  showGolden(id: string, golden: GoldenCheckView | undefined): void {
    const place = this.#places.get(id);
    if (!place || JSON.stringify(place.view.golden) === JSON.stringify(golden)) return;
    const { golden: _before, ...view } = place.view;
    place.view = golden ? { ...view, golden } : view;
    this.#options.onChange(place.view);
  }

  /** Another verdict takes the place of that attempt's, where a fixture still shows it: a person decided. */
  overrule(
    harvestId: string,
    change: Pick<VerdictView, 'harvestId' | 'verdict' | 'code'> & Partial<VerdictView>,
  ): void {
    for (const { view } of this.#places.values()) {
      if (view.state !== 'decided' || view.verdict?.harvestId !== harvestId) continue;
      const { detail: _past, otherSerial: _name, overruling: _open, ...verdict } = view.verdict;
      this.#show(view.id, { ...view, state: 'decided', verdict: { ...verdict, ...change } });
    }
  }

  /** Whether a hierarchy's password is at hand for it. */
  showPassword(id: string, isKept: boolean): void {
    const place = this.#places.get(id);
    if (!place) return;
    const { hasPassword: _before, ...view } = place.view;
    place.view = isKept ? { ...view, hasPassword: true } : view;
    this.#options.onChange(place.view);
  }

  cancel(id: string): void {
    this.#places.get(id)?.cancel?.abort();
  }

  /** Begins the harvest of an armed fixture; ends by itself. `personId`: who starts it, else whoever armed it. */
  start(id: string, personId?: string): void {
    const place = this.#places.get(id);
    if (place?.view.state !== 'armed' || place.view.serial === undefined) return;
    if (this.#options.mayTest?.(id, place.view.serial) === false) return;
    place.personId = personId ?? place.personId;
    place.cancel = new AbortController();
    place.ended = this.#run(place, place.view.serial, place.cancel);
  }

  /** Cancels what runs and waits until every attempt is recorded. */
  async close(): Promise<void> {
    for (const place of this.#places.values()) place.cancel?.abort();
    await Promise.all([...this.#places.values()].map(place => place.ended));
  }

  async #run(place: Place, serial: string, cancel: AbortController): Promise<void> {
    const { id } = place.view;
    const startedAt = this.#options.now();
    place.began.clear();
    this.#show(id, { state: 'running', serial, startedAt });
    try {
      const result = await this.#options.run({
        fixture: id,
        serial,
        serialFrom: place.serialFrom,
        personId: place.personId,
        signal: cancel.signal,
        onStep: event => this.#step(place, event),
      });
      this.#show(id, {
        state: 'decided',
        serial,
        startedAt,
        durationMs: result.durationMs,
        verdict: verdictView(result, this.#options.now()),
        steps: place.view.steps.map(step => stepAtEnd(step, result.durationMs, place.began.get(step.step))),
      });
    } catch (error) {
      // Nothing is known of this device: back to armed, with its serial, and the fault is told.
      this.#show(id, { state: 'armed', serial });
      this.#options.onFault(error);
    } finally {
      place.cancel = undefined;
      if (place.leaves) {
        this.#places.delete(id);
        this.#options.onGone();
      }
    }
  }

  #step(place: Place, event: StepEvent): void {
    const { view } = place;
    if (view.state !== 'running') return;
    if (event.state === 'started') place.began.set(event.step, event.atMs);
    const began = place.began.get(event.step) ?? event.atMs;
    const steps = view.steps.map(step => (step.step === event.step ? stepView(step, event, began) : step));
    this.#show(view.id, { ...view, steps });
  }

  #show(
    id: string,
    change: Omit<Partial<FixtureView>, 'id' | 'number' | 'name' | 'handsFree' | 'hasPassword' | 'golden'> &
      Pick<FixtureView, 'state'>,
  ): void {
    const place = this.#places.get(id);
    if (!place) return;
    const { number, name, handsFree, hasPassword, golden } = place.view;
    const lasting = {
      ...(handsFree === undefined ? {} : { handsFree }),
      ...(hasPassword === undefined ? {} : { hasPassword }),
      ...(golden === undefined ? {} : { golden }),
    };
    place.view = { steps: waitingSteps, ...change, id, number, name, ...lasting };
    this.#options.onChange(place.view);
  }
}
