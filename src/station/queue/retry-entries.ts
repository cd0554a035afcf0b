/** Puts entries in conflict or quarantine back into the queue; DPS is asked before anything could be created twice. */
import { systemTiming } from '../../outbox/timing.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { moveEntry } from './move-entry.ts';
import { rowOf } from './queue.ts';

/** Entries written in one transaction: short enough that a harvest need not wait for it. */
const ENTRIES_AT_ONCE = 100;
/** Between two transactions. Another process that waits for the ledger looks only now and then whether it is free. */
const GIVE_WAY_MS = 20;

/** These, all or nothing. @throws StationError `entry-unknown`, `entry-not-waiting` */
export function retryEntries(core: StationCore, entries: readonly string[], account: string): void {
  core.ledger.transaction(() => {
    for (const row of entries.map(entryId => rowOf(core, entryId)))
      if (!moveEntry(core, row, { event: 'retry' }, account))
        throw new StationError('entry-not-waiting', `entry ${row.entry_id} is ${row.state}`);
  });
}

export interface RetryAllRequest {
  readonly account: string;
  /** Ends it between two transactions; what was put back stays so. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * All of them, in the order of their arrival and each once, in transactions of their own: a hundred thousand in one would
 * keep the station from recording. One that a drain sets aside again meanwhile stays aside.
 * @returns the ids of those that were put back
 */
export async function retryAllEntries(core: StationCore, request: RetryAllRequest): Promise<string[]> {
  const { account, signal } = request;
  const retried: string[] = [];
  for (const state of ['conflict', 'quarantined'] as const)
    for (let after: string | undefined; !signal?.aborted; ) {
      const page = { state, limit: ENTRIES_AT_ONCE, ...(after === undefined ? {} : { after }) };
      const rows = core.ledger.transaction(() => {
        const rows = core.ledger.outbox.list(page);
        for (const row of rows) moveEntry(core, row, { event: 'retry' }, account);
        return rows;
      });
      for (const { entry_id } of rows) retried.push(entry_id);
      after = rows.at(-1)?.entry_id;
      if (after === undefined) break;
      await systemTiming.sleep(GIVE_WAY_MS, signal);
    }
  return retried;
}
