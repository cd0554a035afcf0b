/**
 * The station as the kiosk drives it: fixtures, scans, verdicts, counts and connection as one view, and every change of
 * it as an event. All windows see the same; a window that comes back finds everything as it is.
 */
import { isDeepStrictEqual } from 'node:util';
import { readLabel } from '../../enrollment/device-label.ts';
import { checkSerial } from '../../enrollment/serial.ts';
import { WindowSignIns } from '../access/window-sign-ins.ts';
import { deadlinesOf } from '../attempt/fixture-deadlines.ts';
import { type HarvestResult, harvestDevice } from '../attempt/harvest-device.ts';
import { asksForPassword, giveHierarchyPassword } from '../attempt/hierarchy-password.ts';
import { StationAudit } from '../audit-desk/audit-desk.ts';
import { StationBatch } from '../batch-import/batch-desk.ts';
import { isWrong } from '../clock/station-clock.ts';
import type { Configuration, FixtureConfiguration } from '../configuration/configuration.ts';
import { productOf } from '../configuration/load-configuration.ts';
import type { BackgroundDrain } from '../drain/background-drain.ts';
import { type DrainForecast, forecastDrain } from '../drain/drain-forecast.ts';
import { drainPauseOf } from '../drain/pause-drain.ts';
import { standByDrain } from '../drain/stand-by-drain.ts';
import { StationError } from '../errors.ts';
import { describeFailure } from '../failure.ts';
import { fixtureCheck, mayTest } from '../golden/fixture-check.ts';
import { goldenUnit } from '../golden/golden-unit.ts';
import type { StationCore } from '../open-core.ts';
import { version } from '../version.ts';
import type { ConnectionView, LiveEvent, OutboxView, StationView } from '../views.ts';
import { watchLedger } from '../watch-ledger.ts';
import { currentWorkOrder, isWorkOrder, productAtWork } from '../work-orders.ts';
import { StationDevices } from './device-desk.ts';
import { type BoardFixture, FixtureBoard, type FixtureRun } from './fixture-board.ts';
import { FixturePasswords } from './fixture-passwords.ts';
import type { HandsFree } from './hands-free.ts';
import type {
  ClearAnswer,
  KioskStation,
  KioskWindow,
  ScanAnswer,
  StartAnswer,
  StopAnswer,
} from './kiosk-station.ts';
import { KIOSK_ACCOUNT, WindowAtKiosk } from './kiosk-window.ts';
import { SLOT_MS, Today } from './today.ts';
import { WaitingHistory } from './waiting-history.ts';
import { hasPassedAndGone, watchFixtures } from './watch-fixtures.ts';

const FORECAST_HOLDS_MS = 2_000;
/** The time of the last contact is told so often at most. */
const CONTACT_TOLD_MS = 1_000;

export interface KioskOptions {
  /** Milliseconds between two looks of a fixture that starts by itself, for tests. */
  readonly lookEveryMs?: number;
}

export class Kiosk implements KioskStation {
  readonly #core: StationCore;
  readonly #board: FixtureBoard;
  readonly #passwords: FixturePasswords;
  readonly #devices: StationDevices;
  readonly #batch: StationBatch;
  readonly #audit: StationAudit;
  readonly #signIns: WindowSignIns;
  readonly #windows = new Set<WindowAtKiosk>();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  #drain: BackgroundDrain;
  /** Settles when the drain that is meant by the settings is there. */
  #drainReady: Promise<void> = Promise.resolve();
  readonly #unwatch: () => void;
  readonly #slotTimer: NodeJS.Timeout;
  #handsFree: HandsFree | undefined;
  readonly #watch: () => HandsFree | undefined;
  readonly #startDrain: () => BackgroundDrain;
  /** That everything here follows. */
  #configuration: Configuration;
  #closing = false;
  #closed = false;
  #fault: string | undefined;
  #connection: ConnectionView;
  readonly #history = new WaitingHistory();
  #forecast: { readonly at: number; readonly drain: DrainForecast } | undefined;
  #clockAheadMs: number | undefined;
  readonly #today: Today;
  #workOrderTold = '';

  constructor(core: StationCore, options: KioskOptions = {}) {
    this.#core = core;
    this.#configuration = core.configuration;
    this.#today = new Today(core.ledger, {
      shifts: () => core.configuration.station.shifts,
      onMore: () => this.#tellToday(),
    });
    this.#devices = new StationDevices(core);
    this.#batch = new StationBatch(core);
    this.#audit = new StationAudit(core);
    this.#signIns = new WindowSignIns(core.configuration.station.lockMinutes * 60_000);
    this.#board = new FixtureBoard({
      fixtures: boardFixtures(core.configuration),
      run: run => this.#harvest(run),
      onChange: fixture => {
        this.#tell({ kind: 'fixture', fixture });
        this.#handsFree?.changed(fixture);
      },
      onFault: error => this.#setFault(describeFailure(error).code),
      onGone: () => this.#tellSettings(),
      mayTest: (fixture, serial) => mayTest(core, fixture, serial),
      now: () => core.clock.read().at,
    });
    this.#passwords = new FixturePasswords((fixture, isKept) => this.#board.showPassword(fixture, isKept));
    this.#watch = () =>
      watchFixtures(core, this.#board, {
        lookEveryMs: options.lookEveryMs,
        onFault: error => this.#setFault(describeFailure(error).code),
      });
    this.#handsFree = this.#watch();
    this.#startDrain = () =>
      standByDrain(core, {
        onConnection: connection => this.#setConnection(connection),
        onProgress: () => this.#drained(),
        onFault: error => this.#setFault(describeFailure(error).code),
      });
    this.#drain = this.#startDrain();
    this.#connection = this.#drain.connection;
    this.#noteWaiting();
    this.#workOrderTold = JSON.stringify(currentWorkOrder(core) ?? null);
    this.#unwatch = watchLedger(core, () => this.#ledgerWritten());
    // Pace and the day itself move on while nobody tests.
    this.#showGolden();
    this.#slotTimer = setInterval(() => {
      this.#showGolden();
      this.#tellToday();
      this.#lookAtClock();
    }, SLOT_MS).unref();
  }

  view(): StationView {
    const { configuration, rehearsal } = this.#core;
    const { badgePrefix, scanner } = configuration.station;
    const product = productOf(configuration);
    const workOrder = currentWorkOrder(this.#core);
    return {
      station: {
        name: configuration.station.name,
        line: configuration.station.line,
        product: product.name,
        products: configuration.products.map(({ name }) => name),
        rehearsal,
        version,
        language: configuration.station.language,
        ...(badgePrefix === undefined ? {} : { badgePrefix }),
        ...(scanner === undefined ? {} : { scanner }),
        ...(product.targetPerHour === undefined ? {} : { targetPerHour: product.targetPerHour }),
      },
      fixtures: this.#board.views(),
      outbox: this.#outbox(),
      connection: this.#connection,
      today: this.#today.view(this.#core.clock.read().at),
      ...(workOrder && { workOrder }),
      ...(this.#clockAheadMs === undefined ? {} : { clockAheadMs: this.#clockAheadMs }),
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    };
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  openWindow({ own, end }: { readonly own: boolean; readonly end?: () => void }): KioskWindow {
    const window: WindowAtKiosk = new WindowAtKiosk({
      core: this.#core,
      station: this,
      signIns: this.#signIns,
      own,
      leaving: {
        running: () => this.#board.views().filter(({ state }) => state === 'running').length,
        end: own ? end : undefined,
      },
      written: () => this.#ledgerWritten(),
      devices: this.#devices,
      batch: this.#batch,
      audit: this.#audit,
      passwords: {
        fixture: id => this.#board.view(id),
        forget: id => this.#passwords.forget(id),
        keep: (id, text, who, signIn) => {
          const given = giveHierarchyPassword(this.#core, text, who);
          this.#passwords.keep(id, given, listener => signIn.onEnd(listener));
        },
        testAgain: (id, personId) => this.#testAgain(id, personId),
      },
      board: this.#board,
      drain: {
        reachable: () => this.#connection.state === 'online',
        history: now => this.#history.until(now),
        tryNow: () => this.#drain.probeNow(),
        changed: () => {
          this.#forecast = undefined;
          this.#ledgerWritten();
        },
      },
      closed: () => this.#windows.delete(window),
    });
    this.#windows.add(window);
    return window;
  }

  scan(input: { readonly text: string; readonly fixture?: string }, personId?: string): ScanAnswer {
    if (isWorkOrder(this.#core, input.text)) return { ok: false, code: 'work-order-scanned' };
    const product = this.#product();
    if (!product) return { ok: false, code: 'work-order-product' };
    const label = readLabel(input.text, product.gtin);
    if (label.kind === 'fault') return { ok: false, code: label.code };
    const checked = checkSerial(label.serial, product);
    if (!checked.ok) return { ok: false, code: checked.code };
    const holder = this.#board.holding(checked.serial);
    if (holder && holder.id !== input.fixture)
      return { ok: false, code: 'already-in-fixture', fixture: holder.id };
    const fixture =
      input.fixture === undefined ? this.#placeFor(checked.serial) : this.#board.view(input.fixture);
    if (!fixture)
      return { ok: false, code: input.fixture === undefined ? 'choose-fixture' : 'unknown-fixture' };
    if (fixture.state === 'running') return { ok: false, code: 'running', fixture: fixture.id };
    if (!mayTest(this.#core, fixture.id, checked.serial))
      return { ok: false, code: 'golden-check-due', fixture: fixture.id };
    this.#board.arm(fixture.id, checked.serial, 'label', personId);
    return { ok: true, fixture: fixture.id };
  }

  start(input: { readonly fixture?: string }, personId?: string): StartAnswer {
    const views = this.#board.views();
    const asked = input.fixture === undefined ? views : views.filter(view => view.id === input.fixture);
    if (asked.length === 0 && input.fixture !== undefined) return { ok: false, code: 'unknown-fixture' };
    const armed = asked.filter(view => view.state === 'armed');
    if (armed.length === 0)
      return { ok: false, code: asked.some(view => view.state === 'running') ? 'running' : 'nothing-armed' };
    const ready = armed.filter(view => mayTest(this.#core, view.id, view.serial!));
    if (ready.length === 0) return { ok: false, code: 'golden-check-due' };
    for (const view of ready) this.#board.start(view.id, personId);
    return { ok: true, started: ready.length };
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
    this.#signIns.endAll();
    this.#handsFree?.close();
    clearInterval(this.#slotTimer);
    this.#today.close();
    await this.#devices.close();
    await this.#batch.close();
    await this.#audit.close();
    await this.#board.close();
    this.#passwords.forgetAll();
    this.#closing = true;
    await this.#drainReady;
    await this.#drain.stop();
    // A harvest that ended while closing still wants to tell its counts; the ledger goes next.
    this.#closed = true;
    this.#listeners.clear();
  }

  /**
   * The one fixture; or the one where this serial was decided before, because its board is still there; or else the first
   * idle one that may test it. A reference unit goes where a check is due. A tile that was decided for another serial is never taken without being asked for.
   */
  #placeFor(serial: string) {
    const views = this.#board.views();
    if (views.length === 1) return views[0];
    if (goldenUnit(this.#core, serial)) {
      const free = views.filter(({ state }) => state === 'idle' || state === 'decided');
      const due = free.find(({ id }) => fixtureCheck(this.#core, id)?.state !== 'checked');
      if (due) return due;
    }
    const own = views.find(view => view.state === 'decided' && view.serial === serial);
    if (own) return own;
    const free = [...views.filter(view => view.state === 'idle'), ...views.filter(hasPassedAndGone)];
    return free.find(({ id }) => mayTest(this.#core, id, serial)) ?? free[0];
  }

  /** The device that asked for a password, now that there is one. */
  #testAgain(id: string, personId: string | undefined): boolean {
    const view = this.#board.view(id);
    if (view?.state !== 'decided' || view.serial === undefined || !asksForPassword(view.verdict?.code))
      return false;
    this.#board.armAgain(id, personId);
    this.#board.start(id, personId);
    return true;
  }

  /** Undefined where the order's product is configured no more. */
  #product() {
    try {
      return productAtWork(this.#core);
    } catch (error) {
      if (error instanceof StationError && error.code === 'product-unknown') return undefined;
      throw error;
    }
  }

  #fixture(id: string): FixtureConfiguration {
    return this.#core.configuration.fixtures.find(candidate => candidate.id === id)!;
  }

  async #harvest(run: FixtureRun): Promise<HarvestResult> {
    const fixture = this.#fixture(run.fixture);
    // The order of this moment: another one that is chosen meanwhile gets what starts after it.
    const order = this.#core.ledger.workOrders.current();
    const result = await harvestDevice(this.#core, {
      bridge: fixture.bridge,
      serial: run.serial,
      serialFrom: run.serialFrom,
      ...(order && { workOrder: order.work_order, product: order.product }),
      fixture: fixture.id,
      account: KIOSK_ACCOUNT,
      personId: run.personId,
      deadlines: deadlinesOf(fixture),
      onStep: run.onStep,
      signal: run.signal,
      hierarchyPassword: this.#passwords.of(run.fixture),
    });
    if (result.hierarchyPassword === 'refused') this.#passwords.forget(run.fixture);
    this.#setFault(
      result.code === 'ledger-full' || result.code === 'ledger-failed' ? result.code : undefined,
    );
    if (result.golden) this.#board.showGolden(run.fixture, fixtureCheck(this.#core, run.fixture));
    // The verdict goes to the screen first: it is what the technician waits for.
    setImmediate(() => this.#ledgerWritten());
    return result;
  }

  /** Settlements come many a second; the watched ledger tells of the counts often enough. */
  #drained(): void {
    const { connection } = this.#drain;
    const before = this.#connection.lastContact ?? 0;
    if ((connection.lastContact ?? 0) - before >= CONTACT_TOLD_MS) this.#setConnection(connection);
  }

  #ledgerWritten(): void {
    if (this.#closed) return;
    this.#takeConfiguration();
    this.#drain.poke();
    this.#noteWaiting();
    this.#tellOutbox();
    this.#tellToday();
    this.#tellWorkOrder();
    for (const window of this.#windows) window.look();
  }

  /** What an act made of the configuration, at a window here or in another process. Runs go on with what they began with. */
  #takeConfiguration(): void {
    try {
      this.#core.takeConfiguration();
    } catch (error) {
      this.#setFault(describeFailure(error).code);
    }
    const before = this.#configuration;
    const now = this.#core.configuration;
    if (now === before) return;
    this.#configuration = now;
    this.#signIns.lockAfter(now.station.lockMinutes * 60_000);
    this.#board.arrange(boardFixtures(now));
    this.#showGolden();
    if (!isDeepStrictEqual(before.fixtures, now.fixtures)) {
      this.#handsFree?.close();
      this.#handsFree = this.#watch();
    }
    if (!isDeepStrictEqual(before.dps, now.dps)) this.#drainAnew();
    this.#tellSettings();
  }

  /** What is on its way is still answered. */
  #drainAnew(): void {
    this.#drainReady = this.#drainReady.then(async () => {
      if (this.#closing) return;
      await this.#drain.stop();
      this.#drain = this.#startDrain();
      this.#setConnection(this.#drain.connection);
    });
  }

  #tellSettings(): void {
    const { station, fixtures } = this.view();
    this.#tell({ kind: 'settings', station, fixtures });
  }

  #showGolden(): void {
    for (const { id } of this.#board.views()) this.#board.showGolden(id, fixtureCheck(this.#core, id));
  }

  #noteWaiting(): void {
    const { queued, sending } = this.#core.ledger.counts.outbox();
    this.#history.note(this.#core.clock.read().at, queued + sending);
  }

  #tellToday(): void {
    this.#tell({ kind: 'today', today: this.#today.view(this.#core.clock.read().at) });
  }

  #tellWorkOrder(): void {
    const workOrder = currentWorkOrder(this.#core) ?? null;
    const text = JSON.stringify(workOrder);
    if (text === this.#workOrderTold) return;
    this.#workOrderTold = text;
    this.#tell({ kind: 'work-order', workOrder });
  }

  #tellOutbox(): void {
    this.#tell({ kind: 'outbox', outbox: this.#outbox() });
  }

  #outbox(): OutboxView {
    const oldestAt = this.#core.ledger.outbox.oldestWaiting();
    const counts = this.#core.ledger.counts.outbox();
    const paused = drainPauseOf(this.#core);
    return {
      ...counts,
      ...(oldestAt === undefined ? {} : { oldestAt, drain: this.#drainForecast() }),
      ...(paused && { paused }),
    };
  }

  /** The outbox is told of several times a second, and looking back costs a millisecond or two. */
  #drainForecast(): DrainForecast {
    const at = performance.now();
    if (!this.#forecast || at - this.#forecast.at >= FORECAST_HOLDS_MS)
      this.#forecast = { at, drain: forecastDrain(this.#core, this.#connection?.state === 'online') };
    return this.#forecast.drain;
  }

  #setConnection(connection: ConnectionView): void {
    this.#connection = connection;
    this.#tell({ kind: 'connection', connection });
    this.#lookAtClock();
  }

  /** To the minute: what a person sets a clock by, and no event for every answer of DPS. */
  #lookAtClock(): void {
    const ahead = this.#core.clock.aheadMs();
    const wrong = isWrong(ahead) ? Math.round(ahead / 60_000) * 60_000 : undefined;
    if (wrong === this.#clockAheadMs) return;
    this.#clockAheadMs = wrong;
    this.#tell({ kind: 'clock', aheadMs: wrong ?? null });
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

function boardFixtures({ fixtures }: Configuration): BoardFixture[] {
  return fixtures.map(({ id, name }) => ({ id, name: name ?? id }));
}
