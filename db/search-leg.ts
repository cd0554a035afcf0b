/**
 * A search is a walk along indexes, one leg after another, each in a fixed order by a key that names a place in it. So a
 * page goes on where the one before ended, however many rows there are, and no row is sorted or counted off.
 */
import type Database from 'better-sqlite3';
import { prefixRange } from './prefix-range.ts';
import type { OutboxRow } from './rows.ts';
import { Statement } from './statement.ts';

/** What a list shows of a device: the row without its key and certificate. */
export interface DeviceListRow {
  readonly number: number;
  readonly device_id: string;
  readonly serial: string | null;
  readonly product: string;
  readonly work_order: string | null;
  readonly origin: 'harvested' | 'imported';
  readonly registration_id: string;
  readonly ek_sha256: string;
  readonly certificate_status: string;
  readonly created_at: number;
  readonly retired_reason: string | null;
  /** Of its newest outbox entry; null where it has none. */
  readonly operation: OutboxRow['operation'] | null;
  readonly enrollment: OutboxRow['state'] | null;
}

const columns = [
  'number',
  'device_id',
  'serial',
  'product',
  'work_order',
  'origin',
  'registration_id',
  'ek_sha256',
  'certificate_status',
  'created_at',
  'retired_reason',
] as const satisfies Exclude<keyof DeviceListRow, 'operation' | 'enrollment'>[];

/** Values of the columns that a leg is ordered by, of the last row that was read. */
export type Key = readonly (string | number)[];

export interface Chunk {
  readonly rows: readonly DeviceListRow[];
  /** Where the next chunk goes on; undefined at the end of the leg. */
  readonly next: Key | undefined;
}

export interface Leg {
  /** Where each row stands, so that a page can end at any of them. */
  keyOf(row: DeviceListRow): Key;
  readonly keyLength: number;
  /** Takes milliseconds: what was found before it is given first. */
  readonly dear?: true;
  /** About `count` rows after `after`, or from the beginning; fewer, also none, where little fits in what was looked through. */
  read(after: Key | undefined, count: number): Chunk;
}

/** Columns whose beginning is searched, in this order. */
export const prefixColumns = ['serial', 'registration_id', 'ek_sha256', 'work_order', 'device_id'] as const;
export type PrefixColumn = (typeof prefixColumns)[number];

/** Devices whose trigrams are compared in one statement, at first and at most: it cannot be stopped while it runs. */
const firstWindow = 65_536;
const widestWindow = 1_048_576;
/** A window that took less, in milliseconds, is widened. */
const quick = 2;
/**
 * Of a text, the last: serials of a line differ at their ends. More are only compared for nothing (each list of a part that
 * all serials have is as long as the ledger), because each device found is compared with the whole text.
 */
const mostTrigrams = 4;
const afterAll = Number.MAX_SAFE_INTEGER;

const ofNewestEntry = (column: string) =>
  `(SELECT ${column} FROM outbox AS newest WHERE newest.device_id = device.device_id ORDER BY newest.number DESC LIMIT 1)`;
const list = [
  ...columns.map(column => `device.${column}`),
  `${ofNewestEntry('operation')} AS operation`,
  `${ofNewestEntry('state')} AS enrollment`,
].join(', ');

/** The statements of all legs, prepared once. */
export class SearchLegs {
  readonly #prefix: ReadonlyMap<PrefixColumn, readonly Statement<DeviceListRow>[]>;
  readonly #restOfWorkOrder: Statement<DeviceListRow>;
  readonly #parts: Statement<DeviceListRow>;
  readonly #newest: Statement<DeviceListRow>;
  readonly #ofWorkOrder: Statement<DeviceListRow>;
  readonly #inState: Statement<DeviceListRow & { readonly entry: number }>;
  readonly #inTime: Statement<DeviceListRow>;
  readonly #manyInTime: Statement<{ n: number }>;

  constructor(db: Database.Database) {
    const prepare = <Row = DeviceListRow>(sql: string) => new Statement<Row>(db, sql);
    const select = `SELECT ${list} FROM device`;
    const within = (column: string, order: string, index: string, which: string) =>
      prepare(
        `${select} ${index} WHERE (${order}) > (${order.replaceAll(/\w+/g, '?')}) AND ${column} < ? AND ${which}
         ORDER BY ${order} LIMIT ?`,
      );
    const bothKinds = (column: string, order: string, inForce: string, retired: string) => [
      within(column, order, `INDEXED BY ${inForce}`, 'retired_at IS NULL'),
      within(column, order, `INDEXED BY ${retired}`, 'retired_at IS NOT NULL'),
    ];
    this.#prefix = new Map<PrefixColumn, readonly Statement<DeviceListRow>[]>([
      ['serial', bothKinds('serial', 'serial, product, number', 'device_serial', 'device_retired_serial')],
      [
        'registration_id',
        bothKinds(
          'registration_id',
          'registration_id, number',
          'device_registration',
          'device_retired_registration',
        ),
      ],
      ['ek_sha256', bothKinds('ek_sha256', 'ek_sha256, number', 'device_key', 'device_retired_key')],
      [
        'work_order',
        [
          prepare(
            `${select} INDEXED BY device_by_work_order WHERE work_order >= ? AND work_order < ? ORDER BY work_order, number LIMIT ?`,
          ),
        ],
      ],
      ['device_id', [within('device_id', 'device_id, number', '', 'true')]],
    ]);
    this.#restOfWorkOrder = prepare(
      `${select} INDEXED BY device_by_work_order WHERE work_order = ? AND number > ? ORDER BY number LIMIT ?`,
    );
    this.#ofWorkOrder = prepare(
      `${select} INDEXED BY device_by_work_order WHERE work_order = ? AND number < ? ORDER BY number DESC LIMIT ?`,
    );
    this.#parts = prepare(
      `SELECT ${list} FROM device_serial_part CROSS JOIN device ON device.number = device_serial_part.rowid
       WHERE device_serial_part MATCH ? AND device_serial_part.rowid > ? AND device_serial_part.rowid < ?
       ORDER BY device_serial_part.rowid DESC LIMIT ?`,
    );
    this.#newest = prepare(`${select} WHERE number > ? AND number < ? ORDER BY number DESC LIMIT ?`);
    this.#inState = prepare<DeviceListRow & { readonly entry: number }>(
      `SELECT ${list}, outbox.number AS entry FROM outbox INDEXED BY outbox_by_state
         CROSS JOIN device ON device.device_id = outbox.device_id
       WHERE outbox.state = ? AND outbox.number < ? AND NOT EXISTS
         (SELECT 1 FROM outbox AS later WHERE later.device_id = outbox.device_id AND later.number > outbox.number)
       ORDER BY outbox.number DESC LIMIT ?`,
    );
    const span = 'device_time.created_at >= ? AND (device_time.created_at, device_time.number) < (?, ?)';
    this.#inTime = prepare(
      `SELECT ${list} FROM device_time CROSS JOIN device ON device.number = device_time.number
       WHERE ${span} AND device_time.number <= ? ORDER BY device_time.created_at DESC, device_time.number DESC LIMIT ?`,
    );
    this.#manyInTime = prepare<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM device_time WHERE ${span} LIMIT ?)`,
    );
  }

  /** Devices in force whose column begins so, then retired ones, in the column's order. */
  prefix(column: PrefixColumn, text: string): readonly Leg[] {
    const { from, before } = prefixRange(text);
    if (before === undefined) return [];
    if (column === 'work_order') return [this.#workOrdersFrom(from, before)];
    const keyOf = (row: DeviceListRow): Key =>
      column === 'serial' ? [row.serial!, row.product, row.number] : [row[column], row.number];
    const first: Key = column === 'serial' ? [from, '', -1] : [from, -1];
    return this.#prefix.get(column)!.map(statement => ({
      keyOf,
      keyLength: first.length,
      read: (after = first, count) => chunk(statement.all(...after, before, count), count, keyOf),
    }));
  }

  /** A work order holds thousands of devices: what is left of it is taken by number, not by walking past the others. */
  #workOrdersFrom(from: string, before: string): Leg {
    const [next] = this.#prefix.get('work_order')!;
    const keyOf = (row: DeviceListRow): Key => [row.work_order!, row.number];
    return {
      keyOf,
      keyLength: 2,
      read: (after, count) => {
        if (!after) return chunk(next!.all(from, before, count), count, keyOf);
        const [workOrder, number] = after;
        const rest = this.#restOfWorkOrder.all(workOrder!, number!, count);
        // Nothing lies between a text and itself with a NUL.
        if (rest.length < count) rest.push(...next!.all(`${workOrder}\0`, before, count - rest.length));
        return chunk(rest, count, keyOf);
      },
    };
  }

  /** Devices whose serial may have this part (three characters or more), newest first, among those in the index. */
  part(text: string, through: number): Leg {
    const trigrams = trigramsOf(text);
    return {
      keyOf: numberOf,
      keyLength: 1,
      dear: true,
      read: (after = [through + 1], count) => {
        let window = firstWindow;
        for (let before = after[0] as number; ; ) {
          const above = Math.max(0, before - window - 1);
          const begun = performance.now();
          const rows = this.#parts.all(trigrams, above, before, count);
          if (rows.length === count) return { rows, next: numberOf(rows.at(-1)!) };
          before = above + 1;
          const tookLong = performance.now() - begun > quick;
          if (above === 0) return { rows, next: undefined };
          if (rows.length > 0 || tookLong) return { rows, next: [before] };
          window = Math.min(window * 4, widestWindow);
        }
      },
    };
  }

  /** Newest first, of those after device number `above`. */
  newest(above: number): Leg {
    return {
      keyOf: numberOf,
      keyLength: 1,
      read: (after = [afterAll], count) => chunk(this.#newest.all(above, ...after, count), count, numberOf),
    };
  }

  /** Newest first. */
  ofWorkOrder(workOrder: string): Leg {
    return {
      keyOf: numberOf,
      keyLength: 1,
      read: (after = [afterAll], count) =>
        chunk(this.#ofWorkOrder.all(workOrder, ...after, count), count, numberOf),
    };
  }

  /** Devices whose newest outbox entry is in this state, newest entry first. */
  inState(state: string): Leg {
    const keyOf = (row: DeviceListRow): Key => [(row as DeviceListRow & { readonly entry: number }).entry];
    return {
      keyOf,
      keyLength: 1,
      read: (after = [afterAll], count) => chunk(this.#inState.all(state, ...after, count), count, keyOf),
    };
  }

  /** Recorded from `since` up to but without `until` (epoch milliseconds), latest first, among those in the index. */
  inTime(since: number, until: number, through: number): Leg {
    const keyOf = (row: DeviceListRow): Key => [row.created_at, row.number];
    return {
      keyOf,
      keyLength: 2,
      read: (after = [until, -1], count) =>
        chunk(this.#inTime.all(since, ...after, through, count), count, keyOf),
    };
  }

  /** How many were recorded in this time, counted up to `most`. */
  countInTime(since: number, until: number, most: number): number {
    return this.#manyInTime.get(since, until, -1, most)!.n;
  }
}

const numberOf = (row: DeviceListRow): Key => [row.number];

function chunk(rows: readonly DeviceListRow[], count: number, keyOf: (row: DeviceListRow) => Key): Chunk {
  return { rows, next: rows.length < count ? undefined : keyOf(rows.at(-1)!) };
}

/** FTS5 wants each trigram as a string of its own where it keeps no positions. */
function trigramsOf(text: string): string {
  const characters = [...text];
  const all = characters.slice(2).map((_, at) => characters.slice(at, at + 3).join(''));
  const some = [...new Set(all)].slice(-mostTrigrams);
  return some.map(trigram => `"${trigram.replaceAll('"', '""')}"`).join(' AND ');
}
