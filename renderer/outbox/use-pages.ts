/**
 * A list that is read page by page and kept true while somebody looks at it. At its top it follows what the station has;
 * scrolled down, nothing moves under the finger: what is in sight is asked for again, and a row that left the list is
 * marked until somebody comes back to the top.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { RowRange } from '../parts/long-table.tsx';
import { useEased } from './use-eased.ts';

export interface Pages<Row> {
  readonly rows: readonly Row[];
  /** Ids of rows that are not in the list any more. */
  readonly gone: ReadonlySet<string>;
  /** There may be more behind the last row. */
  readonly more: boolean;
  /** The first page came. */
  readonly read: boolean;
  readonly loadMore: () => void;
  readonly onRange: (range: RowRange) => void;
}

interface Source<Row> {
  /** At most `limit` rows behind the row `after`; fewer: it was the end. */
  readonly load: (page: { readonly limit: number; readonly after?: string }) => Promise<readonly Row[]>;
  readonly idOf: (row: Row) => string;
  /** Another object each time that the list may have changed. */
  readonly changed: unknown;
}

const pageSize = 200;
/** Milliseconds between two looks at a list that changes many times a second. */
const restFor = 1_000;

interface Loaded<Row> {
  readonly rows: readonly Row[];
  readonly gone: ReadonlySet<string>;
  readonly more: boolean;
  readonly read: boolean;
}

const nothing = { rows: [], gone: new Set<string>(), more: true, read: false } as const;

/** Mount anew (by key) for another list. */
export function usePages<Row>({ load, idOf, changed }: Source<Row>): Pages<Row> {
  const [loaded, setLoaded] = useState<Loaded<Row>>(nothing);
  const latest = useRef<Loaded<Row>>(nothing);
  const source = useRef({ load, idOf });
  const range = useRef<RowRange>({ first: 0, last: 0 });
  const reading = useRef(false);
  const busy = useRef<Promise<void> | undefined>(undefined);
  useEffect(() => {
    source.current = { load, idOf };
  });
  const become = useCallback((next: Loaded<Row>) => {
    latest.current = next;
    setLoaded(next);
  }, []);

  /** One at a time; what fails while the station is out of reach comes again with the next change. */
  const inTurn = useCallback(async (work: () => Promise<void>) => {
    const before = busy.current;
    const turn = (async () => {
      await before;
      await work().catch(() => undefined);
    })();
    busy.current = turn;
    await turn;
    if (busy.current === turn) busy.current = undefined;
  }, []);

  const loadMore = useCallback(() => {
    if (reading.current) return;
    reading.current = true;
    void inTurn(async () => {
      const { rows } = latest.current;
      const last = rows.at(-1);
      const page = await source.current.load({
        limit: pageSize,
        ...(last && { after: source.current.idOf(last) }),
      });
      become({
        ...latest.current,
        rows: [...latest.current.rows, ...page],
        more: page.length === pageSize,
        read: true,
      });
    }).finally(() => {
      reading.current = false;
    });
  }, [become, inTurn]);

  const refresh = useCallback(
    () =>
      inTurn(async () => {
        const { first, last } = range.current;
        if (first === 0) {
          const page = await source.current.load({ limit: pageSize });
          return become({ rows: page, gone: new Set(), more: page.length === pageSize, read: true });
        }
        const { rows, gone } = latest.current;
        const inSight = rows.slice(first, Math.min(last + 1, first + pageSize));
        const before = rows[first - 1];
        if (!before || inSight.length === 0) return;
        const page = await source.current.load({ limit: pageSize, after: source.current.idOf(before) });
        const found = new Map(page.map(row => [source.current.idOf(row), row]));
        const next = new Set(gone);
        for (const row of inSight) {
          const id = source.current.idOf(row);
          if (found.has(id)) next.delete(id);
          else next.add(id);
        }
        const renewed = latest.current.rows.map(row => found.get(source.current.idOf(row)) ?? row);
        become({ rows: renewed, gone: next, more: true, read: true });
      }),
    [become, inTurn],
  );

  useEased(restFor, changed, refresh);

  const onRange = useCallback(
    (next: RowRange) => {
      const wasDown = range.current.first > 0;
      range.current = next;
      // Back at the top: the list as it is now.
      if (wasDown && next.first === 0) void refresh();
    },
    [refresh],
  );
  return { ...loaded, loadMore, onRange };
}
