/**
 * What was asked for, page by page. Each question gives the one before up; what it found stays in sight until the first page
 * of the new one is there, so that nothing flickers while somebody types.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeviceListPage, DevicePlace, DeviceQuestion, FoundDevice } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';

export interface DeviceSearch {
  /** The question that `rows` answer; undefined before the first answer. */
  readonly answers: DeviceQuestion | undefined;
  readonly rows: readonly FoundDevice[];
  /** There may be more behind the last row. */
  readonly more: boolean;
  /** Something is being looked for. */
  readonly busy: boolean;
  /** What the call failed with; it is made again by `loadMore`. */
  readonly failure: unknown;
  readonly loadMore: () => void;
}

/** Rows of a screen and what is ready below it; and of each further page. */
const firstRows = 80;
const pageRows = 200;

const nothing = {
  answers: undefined,
  rows: [],
  more: true,
  busy: true,
  failure: undefined,
} as const satisfies Omit<DeviceSearch, 'loadMore'>;

interface Walk {
  readonly question: DeviceQuestion;
  readonly giveUp: AbortController;
  rows: readonly FoundDevice[];
  next: DevicePlace | undefined;
  begun: boolean;
  reading: boolean;
}

/** @param question the same object until something else is asked @param lost without contact nothing is asked */
export function useDeviceSearch(session: Session, question: DeviceQuestion, lost: boolean): DeviceSearch {
  const [found, setFound] = useState<Omit<DeviceSearch, 'loadMore'>>(nothing);
  const walk = useRef<Walk | undefined>(undefined);

  /** Pages until `least` rows more are there: a page may be short, even empty, before the end. */
  const read = useCallback(
    async (one: Walk, least: number, limit: number) => {
      if (one.reading || (one.begun && one.next === undefined)) return;
      one.reading = true;
      setFound(before => ({ ...before, busy: true, failure: undefined }));
      const enough = one.rows.length + least;
      try {
        do {
          const page: DeviceListPage = await session.findDevices(
            { ...one.question, limit, ...(one.next && { after: one.next }) },
            { signal: one.giveUp.signal },
          );
          if (walk.current !== one) return;
          one.begun = true;
          one.rows = page.devices.length === 0 ? one.rows : [...one.rows, ...page.devices];
          one.next = page.next;
          const wantsMore = one.next !== undefined && one.rows.length < enough;
          const shown = { answers: one.question, rows: one.rows, more: one.next !== undefined };
          // Something of the old question stays until there is something of the new one.
          if (one.rows.length > 0 || !wantsMore) setFound({ ...shown, busy: wantsMore, failure: undefined });
        } while (one.next !== undefined && one.rows.length < enough);
      } catch (failure) {
        if (walk.current === one && !one.giveUp.signal.aborted)
          setFound(before => ({ ...before, busy: false, failure }));
      } finally {
        one.reading = false;
      }
    },
    [session],
  );

  useEffect(() => {
    if (lost) return;
    const one: Walk = {
      question,
      giveUp: new AbortController(),
      rows: [],
      next: undefined,
      begun: false,
      reading: false,
    };
    walk.current = one;
    void read(one, firstRows, firstRows);
    return () => one.giveUp.abort();
  }, [question, lost, read]);

  const loadMore = useCallback(() => {
    if (walk.current) void read(walk.current, 1, pageRows);
  }, [read]);
  return { ...found, loadMore };
}
