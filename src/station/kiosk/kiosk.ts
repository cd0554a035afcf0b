/**
 * The station as the kiosk drives it: fixtures, scans, verdicts, counts and connection as one view, and every change of
 * it as an event. All windows see the same; a window that comes back finds everything as it is. The parts are files of
 * their own here; this one joins them, and knows what follows when the ledger was written.
 */
import type { BackupSetting } from '../backup/station-backups.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { fixtureCheck, mayTest } from '../golden/fixture-check.ts';
import type { StationCore } from '../open-core.ts';
import type { LiveEvent, StationView } from '../views.ts';
import { watchLedger } from '../watch-ledger.ts';
import { FixtureActs } from './fixture-acts.ts';
import { type BoardFixture, FixtureBoard, type FixtureRun } from './fixture-board.ts';
import { FixturePasswords } from './fixture-passwords.ts';
import { configurationFollower } from './follow-configuration.ts';
import { GatheredCall } from './gathered-call.ts';
import type { HandsFree } from './hands-free.ts';
import { harvestAtFixture } from './harvest-at-fixture.ts';
import { KioskDrain } from './kiosk-drain.ts';
import type {
  ClearAnswer,
  KioskStation,
  KioskWindow,
  ScanAnswer,
  StartAnswer,
  StopAnswer,
} from './kiosk-station.ts';
import { KioskWindows } from './kiosk-windows.ts';
import { LiveEvents } from './live-events.ts';
import { LiveLot } from './live-lot.ts';
import { stationFacts } from './station-facts.ts';
import { StationNotices } from './station-notices.ts';
import { SLOT_MS } from './today.ts';
import { watchFixtures } from './watch-fixtures.ts';

/** Sixteen fixtures come to dozens of verdicts a second, and counts, pace and outbox are read anew for each look. */
const LOOK_EVERY_MS = 100;

export interface KioskOptions {
  /** Milliseconds between two looks of a fixture that starts by itself, for tests. */
  readonly lookEveryMs?: number;
  /** Ends the station and goes on from a backup; absent where its host cannot start it again. */
  readonly restore?: BackupSetting['restore'];
}

export class Kiosk implements KioskStation {
  readonly #core: StationCore;
  readonly #options: KioskOptions;
  readonly #events = new LiveEvents();
  readonly #notices: StationNotices;
  readonly #board: FixtureBoard;
  readonly #acts: FixtureActs;
  readonly #passwords: FixturePasswords;
  readonly #lot: LiveLot;
  readonly #drain: KioskDrain;
  readonly #windows: KioskWindows;
  readonly #lookAtLedger = new GatheredCall(() => this.#ledgerWritten(), LOOK_EVERY_MS);
  #handsFree: HandsFree | undefined;
  readonly #followConfiguration: () => void;
  readonly #unwatch: () => void;
  readonly #slotTimer: NodeJS.Timeout;
  #closed = false;

  constructor(core: StationCore, options: KioskOptions = {}) {
    this.#core = core;
    this.#options = options;
    this.#notices = new StationNotices(core, this.#events);
    this.#lot = new LiveLot(core, this.#events);
    this.#board = this.#makeBoard();
    this.#acts = new FixtureActs(core, this.#board);
    this.#passwords = new FixturePasswords((fixture, isKept) => this.#board.showPassword(fixture, isKept));
    this.#watchFixtures();
    this.#drain = new KioskDrain(core, this.#events, this.#notices);
    this.#windows = new KioskWindows(core, {
      station: this,
      board: this.#board,
      acts: this.#acts,
      passwords: this.#passwords,
      drain: this.#drain,
      restore: options.restore,
      backedUp: () => this.lookAtBackups(),
      written: () => this.#ledgerWritten(),
    });
    this.#followConfiguration = configurationFollower(core, {
      onFault: error => this.#notices.failed(error),
      changed: now => {
        this.#windows.lockAfter(now.station.lockMinutes);
        this.#board.arrange(boardFixtures(now));
        this.#showGolden();
        this.lookAtBackups();
      },
      fixturesChanged: () => this.#watchFixtures(),
      dpsChanged: () => this.#drain.drainAnew(),
      followed: () => this.#tellSettings(),
    });
    this.#unwatch = watchLedger(core, () => this.#lookAtLedger.ask());
    this.#showGolden();
    // Pace and the day itself move on while nobody tests.
    this.#slotTimer = setInterval(() => {
      this.#showGolden();
      this.#lot.tellToday();
      this.#notices.lookAtClock();
      this.lookAtBackups();
    }, SLOT_MS).unref();
  }

  view(): StationView {
    return {
      station: stationFacts(this.#core),
      fixtures: this.#board.views(),
      ...this.#drain.view(),
      ...this.#lot.view(),
      ...this.#notices.view(),
    };
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  openWindow(setting: { readonly own: boolean; readonly end?: () => void }): KioskWindow {
    return this.#windows.open(setting);
  }

  scan(input: { readonly text: string; readonly fixture?: string }, personId?: string): ScanAnswer {
    return this.#acts.scan(input, personId);
  }

  start(input: { readonly fixture?: string }, personId?: string): StartAnswer {
    return this.#acts.start(input, personId);
  }

  stop(input: { readonly fixture: string }): StopAnswer {
    return this.#acts.stop(input);
  }

  clear(input: { readonly fixture: string }): ClearAnswer {
    return this.#acts.clear(input);
  }

  /** One was made, or was not. */
  lookAtBackups(): void {
    if (!this.#closed) this.#notices.lookAtBackups();
  }

  /** Ends the harvests (each is recorded as cancelled) and the drain. */
  async close(): Promise<void> {
    this.#unwatch();
    this.#windows.endSignIns();
    this.#handsFree?.close();
    clearInterval(this.#slotTimer);
    this.#lot.close();
    await this.#windows.close();
    await this.#board.close();
    this.#passwords.forgetAll();
    await this.#drain.close();
    // A harvest that ended while closing still wants to tell its counts; the ledger goes next.
    this.#closed = true;
    this.#lookAtLedger.close();
    this.#events.close();
  }

  #makeBoard(): FixtureBoard {
    return new FixtureBoard({
      fixtures: boardFixtures(this.#core.configuration),
      run: run => this.#harvest(run),
      onChange: fixture => {
        this.#events.tell({ kind: 'fixture', fixture });
        this.#handsFree?.changed(fixture);
      },
      onFault: error => this.#notices.failed(error),
      onGone: () => this.#tellSettings(),
      mayTest: (fixture, serial) => mayTest(this.#core, fixture, serial),
      now: () => this.#core.clock.read().at,
    });
  }

  async #harvest(run: FixtureRun) {
    const result = await harvestAtFixture(this.#core, run, this.#passwords.of(run.fixture));
    if (result.hierarchyPassword === 'refused') this.#passwords.forget(run.fixture);
    const { code } = result;
    this.#notices.setFault(code === 'ledger-full' || code === 'ledger-failed' ? code : undefined);
    if (result.golden) this.#board.showGolden(run.fixture, fixtureCheck(this.#core, run.fixture));
    // The verdict goes to the screen first: it is what the technician waits for.
    this.#lookAtLedger.ask();
    return result;
  }

  #watchFixtures(): void {
    this.#handsFree?.close();
    this.#handsFree = watchFixtures(this.#core, this.#board, {
      lookEveryMs: this.#options.lookEveryMs,
      onFault: error => this.#notices.failed(error),
    });
  }

  #ledgerWritten(): void {
    if (this.#closed) return;
    this.#followConfiguration();
    this.#drain.look();
    this.#lot.tellToday();
    this.#lot.tellWorkOrder();
    this.#windows.look();
  }

  #showGolden(): void {
    for (const { id } of this.#board.views()) this.#board.showGolden(id, fixtureCheck(this.#core, id));
  }

  #tellSettings(): void {
    this.#events.tell({
      kind: 'settings',
      station: stationFacts(this.#core),
      fixtures: this.#board.views(),
    });
  }
}

function boardFixtures({ fixtures }: Configuration): BoardFixture[] {
  return fixtures.map(({ id, name }) => ({ id, name: name ?? id }));
}
