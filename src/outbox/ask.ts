/**
 * A reply that was lost is resolved by asking, never by assuming (rule O3): one GET for each entry, and what DPS has
 * decides (rule O2).
 */
import { DpsError } from '../dps/errors.ts';
import type { EnrollmentRecord } from '../dps/service.ts';
import { findChange } from './change.ts';
import type { DrainDesk } from './drain-desk.ts';
import { inParallel } from './in-parallel.ts';
import { recognise } from './recognise.ts';
import type { ChangeEntry, OutboxEntry, Settlement } from './store.ts';

/**
 * Settles every entry, or throws the DpsError of the first request that failed; what was learnt until then is settled,
 * the rest stays in `sending`.
 */
export async function askAbout(entries: readonly OutboxEntry[], desk: DrainDesk): Promise<void> {
  const settlements: Settlement[] = [];
  try {
    await inParallel(desk.concurrency, entries, async entry => {
      settlements.push(await ask(entry, desk));
    });
  } finally {
    desk.settle(settlements);
  }
}

async function ask(entry: OutboxEntry, desk: DrainDesk): Promise<Settlement> {
  const { entryId } = entry;
  try {
    const record = await desk.service.get(entry.registrationId);
    if (entry.operation !== 'create') return settlementOfChange(entry, record, desk);
    if (!record) return desk.lost(entry, 'DPS was asked and does not have it.');
    const recognition = recognise(entry, record);
    return recognition.kind === 'enrolled'
      ? { ...recognition, entryId }
      : { ...recognition, entryId, theirs: record };
  } catch (error) {
    // An id that DPS refuses to look up can never have been created.
    if (error instanceof DpsError && error.code === 'rejected') return rejected(entryId, error.message);
    throw error;
  }
}

/** A change that is not so yet is made again: with the etag that DPS has then, so a late first try cannot harm it. */
function settlementOfChange(
  entry: ChangeEntry,
  record: EnrollmentRecord | undefined,
  desk: DrainDesk,
): Settlement {
  const { entryId } = entry;
  const finding = findChange(entry, record);
  switch (finding.kind) {
    case 'so':
      return { ...finding, kind: 'enrolled', entryId, how: 'recognised' };
    case 'conflict':
      return { ...finding, entryId };
    default:
      return desk.lost(entry, 'DPS was asked and it is not so yet.');
  }
}

export function rejected(entryId: string, detail: string): Settlement {
  return { kind: 'quarantined', entryId, reason: 'rejected-by-dps', detail };
}
