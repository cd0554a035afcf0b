/**
 * The station as the kiosk drives it: fixtures, scans, verdicts, counts and connection as one view, and every change of
 * it as an event. All windows see the same; a window that comes back finds everything as it is.
 */
import { checkSerial } from '../enrollment/serial.ts';
import { type BackgroundDrain, startDrain } from './drain-outbox.ts';
import { describeFailure } from './failure.ts';
import { FixtureBoard, type FixtureRun } from './fixture-board.ts';
import { type HarvestResult, harvestDevice } from './harvest-device.ts';
import type { ClearAnswer, KioskStation, ScanAnswer, StartAnswer, StopAnswer } from './kiosk-station.ts';
import { productOf } from './load-configuration.ts';
import type { StationCore } from './open-core.ts';
import { SLOT_MS, todayOf } from './today.ts';
import { version } from './version.ts';
import type { ConnectionView, LiveEvent, OutboxView, StationView } from './views.ts';
import { watchLedger } from './watch-ledger.ts';

/** Whoever stands at the kiosk, until people sign in. */
const KIOSK_ACCOUNT = 'kiosk';
/** How often a station asks whether the process that drains its ledger is gone (a file lock, no network). */
const TAKE_OVER_MS = 3_000;

export class Kiosk implements KioskStation {
  readonly #core: StationCore;
  readonly #board: FixtureBoard;
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  #drain: BackgroundDrain | undefined;
  #takeOver: NodeJS.Timeout | undefined;
  readonly #unwatch: () => void;
  readonly #slotTimer: NodeJS.Timeout;
  #closed = false;
  #fault: string | undefined;
  #connection: ConnectionView;

  constructor(core: StationCore) {
    this.#core = core;
    this.#board = new FixtureBoard({
      fixtures: core.configuration.fixtures.map(fixture => ({
        id: fixture.id,
        name: fixture.name ?? fixture.id,
      })),
      run: run => this.#harvest(run),
      onChange: fixture => this.#tell({ kind: 'fixture', fixture }),
      onFault: error => this.#setFault(describeFailure(error).code),
      now: () => core.clock.read().at,
    });
    this.#connection = this.#startDrain() ?? this.#drainedElsewhere();
    this.#unwatch = watchLedger(core, () => this.#ledgerWritten());
    // Pace and the day itself move on while nobody tests.
    this.#slotTimer = setInterval(() => this.#tellToday(), SLOT_MS).unref();
  }

  view(): StationView {
    const { configuration, rehearsal } = this.#core;
    const product = productOf(configuration);
    return {
      station: {
        name: configuration.station.name,
        line: configuration.station.line,
        product: product.name,
        rehearsal,
        version,
        language: configuration.station.language,
        ...(product.targetPerHour === undefined ? {} : { targetPerHour: product.targetPerHour }),
      },
      fixtures: this.#board.views(),
      outbox: this.#outbox(),
      connection: this.#connection,
      today: todayOf(this.#core.ledger, this.#core.clock.read().at),
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    };
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  scan(input: { readonly text: string; readonly fixture?: string }): ScanAnswer {
    const checked = checkSerial(input.text, productOf(this.#core.configuration));
    if (!checked.ok) return { ok: false, code: checked.code };
    const holder = this.#board.holding(checked.serial);
    if (holder && holder.id !== input.fixture)
      return { ok: false, code: 'already-in-fixture', fixture: holder.id };
    const fixture =
      input.fixture === undefined ? this.#placeFor(checked.serial) : this.#board.view(input.fixture);
    if (!fixture)
      return { ok: false, code: input.fixture === undefined ? 'choose-fixture' : 'unknown-fixture' };
    if (fixture.state === 'running') return { ok: false, code: 'running', fixture: fixture.id };
    this.#board.arm(fixture.id, checked.serial);
    return { ok: true, fixture: fixture.id };
  }

  start(input: { readonly fixture?: string }): StartAnswer {
    const views = this.#board.views();
    const asked = input.fixture === undefined ? views : views.filter(view => view.id === input.fixture);
    if (asked.length === 0 && input.fixture !== undefined) return { ok: false, code: 'unknown-fixture' };
    const armed = asked.filter(view => view.state === 'armed');
    if (armed.length === 0)
      return { ok: false, code: asked.some(view => view.state === 'running') ? 'running' : 'nothing-armed' };
    for (const view of armed) this.#board.start(view.id);
    return { ok: true, started: armed.length };
  }

  stop(input: { readonly fixture: string }): StopAnswer {
    const view = this.#board.view(input.fixture);
    if (!view) return { ok: false, code: 'unknown-fixture' };
    if (view.state !== 'running') return { ok: false, code: 'not-running' };
    this.#board.cancel(input.fixture);
    return { ok: true };
  }

  clear(input: { readonly fixture: string }): ClearAnswer {
    const view = this.#board.view(input.fixture);
    if (!view) return { ok: false, code: 'unknown-fixture' };
    if (view.state === 'running') return { ok: false, code: 'running' };
    this.#board.clear(input.fixture);
    return { ok: true };
  }

  /** Ends the harvests (each is recorded as cancelled) and the drain. */
  async close(): Promise<void> {
    this.#unwatch();
    clearTimeout(this.#takeOver);
    clearInterval(this.#slotTimer);
    await this.#board.close();
    await this.#drain?.stop();
    // A harvest that ended while closing still wants to tell its counts; the ledger goes next.
    this.#closed = true;
    this.#listeners.clear();
  }

  /**
   * The one fixture; or the one where this serial was decided before, because its board is still there; or else the first
   * idle one. A tile that was decided for another serial is never taken without being asked for.
   */
  #placeFor(serial: string) {
    const views = this.#board.views();
    if (views.length === 1) return views[0];
    const own = views.find(view => view.state === 'decided' && view.serial === serial);
    return own ?? views.find(view => view.state === 'idle');
  }

  async #harvest(run: FixtureRun): Promise<HarvestResult> {
    const fixture = this.#core.configuration.fixtures.find(candidate => candidate.id === run.fixture)!;
    const result = await harvestDevice(this.#core, {
      bridge: fixture.bridge,
      serial: run.serial,
      fixture: fixture.id,
      account: KIOSK_ACCOUNT,
      deadlines: {
        ...(fixture.connectSeconds === undefined ? {} : { connectMs: fixture.connectSeconds * 1000 }),
        ...(fixture.commandSeconds === undefined ? {} : { commandMs: fixture.commandSeconds * 1000 }),
        ...(fixture.harvestSeconds === undefined ? {} : { wholeMs: fixture.harvestSeconds * 1000 }),
      },
      onStep: run.onStep,
      signal: run.signal,
    });
    this.#setFault(
      result.code === 'ledger-full' || result.code === 'ledger-failed' ? result.code : undefined,
    );
    // The verdict goes to the screen first: it is what the technician waits for.
    setImmediate(() => this.#ledgerWritten());
    return result;
  }

  /** @returns undefined where another process drains; then this one takes over when that one is gone */
  #startDrain(): ConnectionView | undefined {
    this.#drain = startDrain(this.#core, {
      onConnection: connection => this.#setConnection(connection),
      onProgress: () => {
        this.#tellOutbox();
        if (this.#drain && this.#drain.connection.lastContact !== this.#connection.lastContact)
          this.#setConnection(this.#drain.connection);
      },
      onFault: error => this.#setFault(describeFailure(error).code),
    });
    if (!this.#drain) {
      this.#takeOver = setTimeout(() => {
        const connection = this.#startDrain();
        if (connection) this.#setConnection(connection);
      }, TAKE_OVER_MS).unref();
      return undefined;
    }
    return this.#drain.connection;
  }

  #drainedElsewhere(): ConnectionView {
    const since = this.#core.clock.read().at;
    const { dpsTarget } = this.#core;
    return dpsTarget
      ? { state: 'offline', since, host: dpsTarget.host, code: 'drain-elsewhere' }
      : { state: 'not-configured', since };
  }

  #ledgerWritten(): void {
    if (this.#closed) return;
    if (this.#drain) this.#drain.poke();
    else if (this.#core.dps.outdated()) this.#readKeyAgain();
    this.#tellOutbox();
    this.#tellToday();
  }

  /** Another process drains with it; this one makes entries for the DPS that it is for. */
  #readKeyAgain(): void {
    try {
      this.#core.dps.refresh();
    } catch (error) {
      this.#setFault(describeFailure(error).code);
    }
  }

  #tellToday(): void {
    this.#tell({ kind: 'today', today: todayOf(this.#core.ledger, this.#core.clock.read().at) });
  }

  #tellOutbox(): void {
    this.#tell({ kind: 'outbox', outbox: this.#outbox() });
  }

  #outbox(): OutboxView {
    const oldestAt = this.#core.ledger.outbox.oldestWaiting();
    return { ...this.#core.ledger.counts.outbox(), ...(oldestAt === undefined ? {} : { oldestAt }) };
  }

  #setConnection(connection: ConnectionView): void {
    this.#connection = connection;
    this.#tell({ kind: 'connection', connection });
  }

  #setFault(fault: string | undefined): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#tell({ kind: 'fault', fault: fault ?? null });
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
