/**
 * What hands do at the fixtures, by scanner, key or touch: a serial finds its place, and a fixture is started, stopped and
 * cleared. What was scanned or typed is anybody's text. A refusal is a value with a code that the screens have words for.
 */
import { readLabel } from '../../enrollment/device-label.ts';
import { checkSerial } from '../../enrollment/serial.ts';
import { asksForPassword } from '../attempt/hierarchy-password.ts';
import { StationError } from '../errors.ts';
import { fixtureCheck, mayTest } from '../golden/fixture-check.ts';
import { goldenUnit } from '../golden/golden-unit.ts';
import type { StationCore } from '../open-core.ts';
import type { FixtureView } from '../views.ts';
import { isWorkOrder, productAtWork } from '../work-orders.ts';
import type { FixtureBoard } from './fixture-board.ts';
import type { ClearAnswer, ScanAnswer, StartAnswer, StopAnswer } from './kiosk-station.ts';
import { hasPassedAndGone } from './watch-fixtures.ts';

export class FixtureActs {
  readonly #core: StationCore;
  readonly #board: FixtureBoard;

  constructor(core: StationCore, board: FixtureBoard) {
    this.#core = core;
    this.#board = board;
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

  /** The device that asked for a password, now that there is one; false where it is gone from there. */
  testAgain(id: string, personId: string | undefined): boolean {
    const view = this.#board.view(id);
    if (view?.state !== 'decided' || view.serial === undefined || !asksForPassword(view.verdict?.code))
      return false;
    this.#board.armAgain(id, personId);
    this.#board.start(id, personId);
    return true;
  }

  /**
   * The one fixture; or the one where this serial was decided before, because its board is still there; or else the first
   * idle one that may test it. A reference unit goes where a check is due. A tile that was decided for another serial is never taken without being asked for.
   */
  #placeFor(serial: string): FixtureView | undefined {
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

  /** Undefined where the order's product is configured no more. */
  #product() {
    try {
      return productAtWork(this.#core);
    } catch (error) {
      if (error instanceof StationError && error.code === 'product-unknown') return undefined;
      throw error;
    }
  }
}
