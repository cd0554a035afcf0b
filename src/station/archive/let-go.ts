/**
 * The ledger lets go of the bytes of an archive's entries: in slices, each a transaction of some milliseconds, with rests in which
 * the line records. Killed between two slices, nothing is wrong: what still has its bytes is as good as ever, and whoever
 * archives the order again goes on.
 */
import { setTimeout } from 'node:timers/promises';
import type { Ledger } from '../../../db/ledger.ts';
import type { ArchiveRow, ArchiveRun } from '../../../db/rows.ts';

const entriesPerSlice = 512;

export interface LetGoOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many entries were looked at. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** @returns of how many entries; fewer than rest in the archive where it was begun before, or stopped */
export async function letGo(
  ledger: Ledger,
  archive: ArchiveRow,
  options: LetGoOptions = {},
): Promise<number> {
  let gone = 0;
  let done = 0;
  for (const slice of slices(runsOf(ledger, archive))) {
    if (options.signal?.aborted) break;
    const began = performance.now();
    gone += ledger.transaction(() =>
      slice.reduce((sum, run) => sum + ledger.archives.letGo(archive.log_id, run), 0),
    );
    done += slice.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    options.onProgress?.(done, archive.entries);
    // As long as it took: whoever waits for the lock looks again within that time.
    await setTimeout(performance.now() - began);
  }
  return gone;
}

/** Whether none of an archive's entries has its bytes in the ledger any more. */
export function isLetGo(ledger: Ledger, archive: ArchiveRow): boolean {
  for (const run of runsOf(ledger, archive)) if (ledger.archives.hasBytes(archive.log_id, run)) return false;
  return true;
}

function* runsOf(ledger: Ledger, { log_id, audit_index, first, last }: ArchiveRow): Generator<ArchiveRun> {
  for (const run of ledger.archives.runs(log_id, first, last)) if (run.audit_index === audit_index) yield run;
}

/** The same entries in pieces of equal work. */
function* slices(runs: Iterable<ArchiveRun>): Generator<ArchiveRun[]> {
  let slice: ArchiveRun[] = [];
  let room = entriesPerSlice;
  for (const { first, last } of runs)
    for (let from = first; from <= last; ) {
      const to = Math.min(last, from + room - 1);
      slice.push({ first: from, last: to });
      room -= to - from + 1;
      from = to + 1;
      if (room > 0) continue;
      yield slice;
      slice = [];
      room = entriesPerSlice;
    }
  if (slice.length > 0) yield slice;
}
