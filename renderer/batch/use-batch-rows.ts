/** What was said of the rows, page by page as somebody scrolls; mount anew (by key) for another run or another kind. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { BatchRow, ImportVerdictKind } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';

const pageSize = 200;

export interface BatchRows {
  readonly rows: readonly BatchRow[];
  readonly more: boolean;
  readonly loadMore: () => void;
}

/** @param told how many rows were judged so far: more may have come behind the last one */
export function useBatchRows(
  session: Session,
  verdict: ImportVerdictKind | undefined,
  told: number,
): BatchRows {
  const [rows, setRows] = useState<readonly BatchRow[]>([]);
  const [more, setMore] = useState(true);
  const reading = useRef(false);
  const last = useRef(0);

  const loadMore = useCallback(async () => {
    if (reading.current) return;
    reading.current = true;
    try {
      const page = await session.listBatchRows({
        limit: pageSize,
        ...(verdict && { verdict }),
        ...(last.current > 0 && { after: last.current }),
      });
      last.current = page.at(-1)?.number ?? last.current;
      setRows(before => [...before, ...page]);
      setMore(page.length === pageSize);
    } catch {
      // Out of reach: asked again with the next change.
    } finally {
      reading.current = false;
    }
  }, [session, verdict]);

  // A first page that is not full yet is filled while the run goes on; further ones come by scrolling.
  useEffect(() => {
    if (told > 0 && rows.length < pageSize) void loadMore();
  }, [told, rows.length, loadMore]);

  return { rows, more, loadMore };
}
