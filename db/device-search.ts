/**
 * Search of devices, page by page, over ledgers of any size. What is asked picks the index that is walked; everything
 * else is judged row by row. A page ends when it is full or when its time is up, and says where the next one goes on:
 * so it may be short, even empty, before the end. No statement reads more than it gives, but for the bounded windows of
 * trigrams; what was recorded after the first page is not in the later ones.
 */
import type Database from 'better-sqlite3';
import { CountTable } from './count.ts';
import { DeviceIndex } from './device-index.ts';
import type { OutboxRow } from './rows.ts';
import { type DeviceListRow, type Key, type Leg, prefixColumns, SearchLegs } from './search-leg.ts';

export type { DeviceListRow } from './search-leg.ts';

export interface DeviceQuestion {
  /** Beginning of a serial, registration id, EK digest, work order or device id, or any part of a serial; '' for all. */
  readonly text: string;
  readonly workOrder?: string | undefined;
  /** Recorded from `since` up to but without `until`, epoch milliseconds. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** State of the newest outbox entry. */
  readonly enrollment?: OutboxRow['state'] | undefined;
}

/** Where a list goes on. Only with the question that gave it. */
export interface DevicePlace {
  /** Which index is walked, and the leg of it. */
  readonly by: WalkName;
  readonly leg: number;
  /** The last device that the indexes held when the list began. */
  readonly through: number;
  /** Absent at the beginning of a leg. */
  readonly key?: Key | undefined;
}

export interface DevicePage {
  readonly rows: readonly DeviceListRow[];
  readonly next: DevicePlace | undefined;
}

export const walkNames = ['work-order', 'enrollment', 'time', 'text', 'all'] as const;
export type WalkName = (typeof walkNames)[number];

/** A narrower index than the text's is taken where it holds no more than this. */
const fewDevices = 5_000;
const leastPart = 3;
const mostRowsAtOnce = 512;
const everAfter = Number.MAX_SAFE_INTEGER;

export class DeviceSearch {
  readonly #legs: SearchLegs;
  readonly #index: DeviceIndex;
  readonly #counts: CountTable;
  readonly #few: number;

  /** @param options.few for tests */
  constructor(db: Database.Database, { few = fewDevices } = {}) {
    this.#few = few;
    this.#legs = new SearchLegs(db);
    this.#index = new DeviceIndex(db);
    this.#counts = new CountTable(db);
  }

  /** @param page.withinMs the page ends then, though it is not full; a place that no page gave ends the list */
  page(
    question: DeviceQuestion,
    page: { readonly limit: number; readonly after?: DevicePlace | undefined; readonly withinMs: number },
  ): DevicePage {
    const asked = { ...question, text: question.text.trim() };
    const end = performance.now() + page.withinMs;
    const { by, through, ...start } = page.after ?? {
      by: this.#walkFor(asked),
      through: this.#index.through(),
      leg: 0,
      key: undefined,
    };
    const walk = this.#walk(asked, by, through);
    const rows: DeviceListRow[] = [];
    let atOnce = page.limit;
    let { leg, key } = start;
    while (leg < walk.length) {
      const { read, keyOf, keyLength, fits, dear = false } = walk[leg]!;
      if (key && key.length !== keyLength) return { rows: [], next: undefined };
      const chunk = read(key, atOnce);
      for (const row of chunk.rows) {
        if (!fits(row)) continue;
        rows.push(row);
        if (rows.length === page.limit) return { rows, next: { by, leg, through, key: keyOf(row) } };
      }
      if (chunk.next === undefined) leg += 1;
      key = chunk.next;
      atOnce = Math.min(atOnce * 2, Math.max(page.limit, mostRowsAtOnce));
      const shownFirst = rows.length > 0 && !dear && walk[leg]?.dear === true;
      if (leg < walk.length && (shownFirst || performance.now() >= end)) {
        const other = page.after || rows.length > 0 ? by : this.#otherWalkFor(asked, by);
        return { rows, next: other === by ? { by, leg, through, key } : { by: other, leg: 0, through } };
      }
    }
    return { rows, next: undefined };
  }

  #walkFor(question: DeviceQuestion): WalkName {
    const { text, workOrder, enrollment, since, until } = question;
    if (workOrder !== undefined) return 'work-order';
    if (enrollment !== undefined && (text === '' || this.#counts.outbox()[enrollment] <= this.#few))
      return 'enrollment';
    const timed = since !== undefined || until !== undefined;
    if (
      timed &&
      (text === '' || this.#legs.countInTime(since ?? 0, until ?? everAfter, this.#few + 1) <= this.#few)
    )
      return 'time';
    return text === '' ? 'all' : 'text';
  }

  /**
   * What a text begins with may be common, and rare in the time or state that is asked for; then what else is asked for finds
   * the first devices sooner. No device was given yet, so that none comes twice.
   */
  #otherWalkFor({ enrollment, since, until }: DeviceQuestion, by: WalkName): WalkName {
    if (by !== 'text') return by;
    if (enrollment !== undefined && enrollment !== 'enrolled') return 'enrollment';
    return since === undefined && until === undefined ? by : 'time';
  }

  #walk(question: DeviceQuestion, by: WalkName, through: number): readonly (Leg & { fits: Fits })[] {
    const { workOrder, since = 0, until = everAfter, enrollment } = question;
    const named = textTests(question.text);
    const anyText: Fits = row => question.text === '' || named.some(({ fits }) => fits(row));
    const within: Fits = row =>
      row.created_at >= since &&
      row.created_at < until &&
      (enrollment === undefined || row.enrollment === enrollment) &&
      (workOrder === undefined || row.work_order === workOrder);
    const leg = (one: Leg, fits: Fits) => ({
      ...one,
      fits: (row: DeviceListRow) => fits(row) && within(row),
    });
    switch (by) {
      case 'work-order':
        return workOrder === undefined ? [] : [leg(this.#legs.ofWorkOrder(workOrder), anyText)];
      case 'enrollment':
        return enrollment === undefined ? [] : [leg(this.#legs.inState(enrollment), anyText)];
      case 'time':
        return [
          leg(this.#legs.newest(through), anyText),
          leg(this.#legs.inTime(since, until, through), anyText),
        ];
      case 'all':
        return [leg(this.#legs.newest(0), anyText)];
      case 'text':
        return named.flatMap(({ column, text, fits }, place) => {
          const before = named.slice(0, place);
          const once: Fits = row => fits(row) && !before.some(earlier => earlier.fits(row));
          if (column !== 'part') return this.#legs.prefix(column, text).map(each => leg(each, once));
          return [leg(this.#legs.newest(through), once), leg(this.#legs.part(text, through), once)];
        });
    }
  }
}

type Fits = (row: DeviceListRow) => boolean;

/** In the order of the legs, so that a device comes up for the first thing that fits it and never again. */
function textTests(text: string) {
  if (text === '') return [];
  const lowered = text.toLowerCase();
  const prefixes = prefixColumns.map(column => {
    const sought = lowerCase.has(column) ? lowered : text;
    return { column, text: sought, fits: (row: DeviceListRow) => row[column]?.startsWith(sought) ?? false };
  });
  if ([...text].length < leastPart) return prefixes;
  const part = (row: DeviceListRow) => row.serial?.toLowerCase().includes(lowered) ?? false;
  return [...prefixes, { column: 'part' as const, text, fits: part }];
}

/** Stored in lower case, so a query is lowered for them; serials and work orders begin as they are written. */
const lowerCase: ReadonlySet<string> = new Set(['registration_id', 'ek_sha256', 'device_id']);
