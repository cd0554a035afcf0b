/**
 * How the shift goes at this station, or the day where no shifts are configured: passes, first-pass yield and pace, for each
 * quarter of an hour. Counted from the ledger, once for what is there at the start and then only what is new, so that
 * neither a restart nor millions of rows change anything; a long catch-up is done in slices.
 *
 * First-pass yield is the share of the devices tried for the first time that passed at it. An attempt in which nothing was
 * learnt of a device (nothing answered at the bridge, or a hand stopped it) is no try: it is counted apart.
 */
import type { Ledger } from '../../../db/ledger.ts';
import { shiftAt } from '../clock/shift-start.ts';
import type { TodayView } from '../views.ts';

/** Codes of attempts without contact, as SQLite's GLOB has them. */
const WITHOUT_CONTACT = ['bridge-*', 'cancelled'] as const;
const isWithoutContact = (code: string) => code.startsWith('bridge-') || code === 'cancelled';

export const SLOT_MS = 5 * 60_000;
const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Quarters that the plots have room for at least, where no shift says how long it is. */
const LEAST_QUARTERS = 16;
/** Rows that are counted at once. */
const SLICE = 1_000;

interface Slot {
  attempts: number;
  passed: number;
  withoutContact: number;
  tried: number;
  passedAtFirst: number;
}

export interface TodaySetting {
  /** Times of day, `HH:MM`, as configured now; none: the day counts. */
  readonly shifts?: () => readonly string[] | undefined;
  /** A long catch-up went on: the view has changed. */
  readonly onMore?: () => void;
}

export class Today {
  readonly #ledger: Ledger;
  readonly #setting: TodaySetting;
  /** By the number of the slot since the epoch. */
  readonly #slots = new Map<number, Slot>();
  /** The newest row that was counted. */
  #through: number | undefined;
  #more: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(ledger: Ledger, setting: TodaySetting = {}) {
    this.#ledger = ledger;
    this.#setting = setting;
  }

  /** @param now of the station's clock, epoch milliseconds */
  view(now: number): TodayView {
    const { since, until } = shiftAt(now, this.#setting.shifts?.());
    const keepFrom = Math.min(since, now - HOUR_MS);
    this.#count(keepFrom);
    for (const slot of this.#slots.keys()) if (slot * SLOT_MS < keepFrom - HOUR_MS) this.#slots.delete(slot);
    const whole = this.#sum(since, now);
    const lastHour = this.#sum((Math.floor(now / SLOT_MS) - 11) * SLOT_MS, now);
    const from = until === undefined ? this.#firstQuarter(since, now) : since;
    const quarters = Array.from({ length: Math.floor((now - from) / QUARTER_MS) + 1 }, (_, index) =>
      this.#sum(from + index * QUARTER_MS, from + (index + 1) * QUARTER_MS - 1),
    );
    return {
      since,
      ...(until === undefined ? {} : { until }),
      passed: whole.passed,
      attempts: whole.attempts,
      withoutContact: whole.withoutContact,
      ...yieldOf('firstPassYield', whole),
      lastHour: lastHour.passed,
      ...yieldOf('lastHourYield', lastHour),
      quarters: {
        from,
        of: until === undefined ? Math.max(LEAST_QUARTERS, quarters.length) : (until - since) / QUARTER_MS,
        passed: quarters.map(quarter => quarter.passed),
        yield: quarters.map(({ tried, passedAtFirst }) => (tried === 0 ? null : passedAtFirst / tried)),
      },
    };
  }

  close(): void {
    this.#closed = true;
    clearImmediate(this.#more);
  }

  #count(from: number): void {
    const { harvests } = this.#ledger;
    this.#through ??= (harvests.firstSince(from) ?? harvests.newestNumber() + 1) - 1;
    const newest = harvests.newestNumber();
    if (this.#through >= newest) return;
    const through = Math.min(this.#through + SLICE, newest);
    for (const row of harvests.tried({ after: this.#through, through, apart: WITHOUT_CONTACT }))
      this.#add(row);
    this.#through = through;
    if (through < newest && !this.#closed) this.#more ??= setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    this.#more = undefined;
    if (!this.#closed) this.#setting.onMore?.();
  }

  #add(row: {
    readonly at: number;
    readonly verdict: string;
    readonly code: string;
    readonly first: number;
  }) {
    const key = Math.floor(row.at / SLOT_MS);
    const slot = this.#slots.get(key) ?? emptySlot();
    this.#slots.set(key, slot);
    const passed = row.verdict === 'passed';
    const counted = !isWithoutContact(row.code);
    slot.attempts += 1;
    slot.passed += Number(passed);
    slot.withoutContact += Number(!counted);
    if (!counted || row.first === 0) return;
    slot.tried += 1;
    slot.passedAtFirst += Number(passed || row.verdict === 'retest');
  }

  #sum(from: number, to: number): Slot {
    const sum = emptySlot();
    for (let key = Math.floor(from / SLOT_MS); key <= Math.floor(to / SLOT_MS); key += 1) {
      const slot = this.#slots.get(key);
      if (!slot) continue;
      for (const name of Object.keys(sum) as (keyof Slot)[]) sum[name] += slot[name];
    }
    return sum;
  }

  /** The quarter of the day's first attempt, or of now. */
  #firstQuarter(since: number, now: number): number {
    const first = [...this.#slots.keys()]
      .filter(key => key * SLOT_MS >= since)
      .reduce((a, b) => Math.min(a, b), now / SLOT_MS);
    return Math.floor((first * SLOT_MS) / QUARTER_MS) * QUARTER_MS;
  }
}

function emptySlot(): Slot {
  return { attempts: 0, passed: 0, withoutContact: 0, tried: 0, passedAtFirst: 0 };
}

function yieldOf<Name extends string>(
  name: Name,
  { tried, passedAtFirst }: Slot,
): { readonly [N in Name]?: number } {
  return (tried === 0 ? {} : { [name]: passedAtFirst / tried }) as { readonly [N in Name]?: number };
}
