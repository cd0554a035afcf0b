/**
 * The one table for lists that may be long: only the rows in sight are drawn, more are asked for as somebody scrolls on.
 * A grid of rows by WAI-ARIA's keys: arrows, Page Up and Down, Home, End move, Enter opens. A row is a target of 44 px and more.
 */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import './long-table.css';

export interface LongTableColumn<Row> {
  readonly key: string;
  readonly heading: string;
  /** A track of CSS grid. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
}

export interface RowRange {
  readonly first: number;
  readonly last: number;
}

interface LongTableProps<Row> {
  readonly label: string;
  readonly columns: readonly LongTableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** More rows may come behind those, and are asked for; absent: these are all. */
  readonly more?: boolean;
  readonly onMore?: () => void;
  /** The rows in sight, each time that they change. */
  readonly onRange?: (range: RowRange) => void;
  /** Absent where a row has nothing to open. */
  readonly onOpen?: (row: Row) => void;
  /** What a row is besides, as `data-tone`. */
  readonly toneOf?: (row: Row) => string | undefined;
}

/** In rem; see long-table.css. */
const rowRem = 3.25;
const leastRow = 44;
/** Rows before the end at which more are asked for. */
const ahead = 60;
const pageKeys = 8;

export function LongTable<Row>(props: LongTableProps<Row>) {
  const { columns, rows, keyOf, more = false, onMore, onRange, onOpen, toneOf } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const focusing = useRef(false);
  const rowHeight = useRowHeight();
  const current = Math.min(active, Math.max(rows.length - 1, 0));
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => keyOf(rows[index]!),
    overscan: 12,
    // The row in focus stays, so that the keys never lose their place.
    rangeExtractor: useCallback(
      (range: Range) => {
        const drawn = defaultRangeExtractor(range);
        if (range.count > 0 && !drawn.includes(current)) drawn.push(current);
        return drawn.sort((one, other) => one - other);
      },
      [current],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights are measured anew when the screen's size changes
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);

  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  useEffect(() => {
    onRange?.({ first: startIndex, last: endIndex });
  }, [startIndex, endIndex, onRange]);
  useEffect(() => {
    if (more && endIndex >= rows.length - ahead) onMore?.();
  }, [more, endIndex, rows.length, onMore]);
  useLayoutEffect(() => {
    if (!focusing.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${current}"]`);
    if (!row) return;
    focusing.current = false;
    row.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const to = target(event.key, current, rows.length);
    if (to !== undefined) {
      event.preventDefault();
      focusing.current = true;
      setActive(to);
      virtualizer.scrollToIndex(to);
    } else if (onOpen && (event.key === 'Enter' || event.key === ' ') && rows[current]) {
      event.preventDefault();
      onOpen(rows[current]);
    }
  };
  const tracks = { gridTemplateColumns: columns.map(column => column.width).join(' ') };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot leave out the rows that are not in sight
    <div
      className="long-table"
      role="grid"
      aria-label={props.label}
      aria-readonly="true"
      aria-colcount={columns.length}
      aria-rowcount={more ? -1 : rows.length + 1}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: the heading is read, not entered */}
      <div role="row" aria-rowindex={1} className="long-table-head" style={tracks}>
        {columns.map(column => (
          // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: as above
          <span key={column.key} role="columnheader">
            {column.heading}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div ref={scroller} className="long-table-scroll" role="rowgroup">
        <div role="presentation" className="long-table-room" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index]!;
            return (
              // biome-ignore lint/a11y/useSemanticElements lint/a11y/useKeyWithClickEvents: the grid takes the keys
              <div
                key={key}
                role="row"
                className={onOpen ? 'long-table-row long-table-opens' : 'long-table-row'}
                data-row={index}
                data-tone={toneOf?.(row)}
                aria-rowindex={index + 2}
                tabIndex={index === current ? 0 : -1}
                style={{ ...tracks, transform: `translateY(${start}px)` }}
                onFocus={() => setActive(index)}
                onClick={() => onOpen?.(row)}
              >
                {columns.map(column => (
                  // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: rows are what is focused
                  <span key={column.key} role="gridcell" className="long-table-cell">
                    {column.cell(row)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function target(key: string, from: number, count: number): number | undefined {
  if (count === 0) return undefined;
  const to = (index: number) => Math.min(Math.max(index, 0), count - 1);
  switch (key) {
    case 'ArrowDown':
      return to(from + 1);
    case 'ArrowUp':
      return to(from - 1);
    case 'PageDown':
      return to(from + pageKeys);
    case 'PageUp':
      return to(from - pageKeys);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** In CSS pixels: the size of everything follows the screen. */
function useRowHeight(): number {
  const [height, setHeight] = useState(measure);
  useEffect(() => {
    const onResize = () => setHeight(measure());
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  }, []);
  return height;
}

function measure(): number {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.max(Math.round(rem * rowRem), leastRow);
}
