/** A person decides that entries of the outbox are not to be sent (outbox rule 17). The device stays in force. */
import { type Act, allowed } from '../act.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { moveEntry } from './move-entry.ts';
import { rowOf } from './queue.ts';
import { canBeCancelled } from './request-entry.ts';

/** All or none. @throws StationError `entry-unknown`, `entry-was-sent`, `entry-settled` */
export function cancelEntries(core: StationCore, entryIds: readonly string[], act: Act): string[] {
  return core.ledger.transaction(() => {
    const by = allowed(core, 'cancel-entry', act);
    return [...new Set(entryIds)].map(entryId => {
      const row = rowOf(core, entryId);
      const is = `entry ${entryId} is ${row.state}`;
      if (row.state === 'enrolled' || row.state === 'cancelled') throw new StationError('entry-settled', is);
      if (!canBeCancelled(row)) throw new StationError('entry-was-sent', is);
      moveEntry(core, row, { event: 'cancel', because: by.reason }, by.account);
      return entryId;
    });
  });
}
