/**
 * One round of the drain: first everything that is in `sending` is asked about, then what is due is sent, until nothing is
 * due or a fault calls for a pause. After a lost reply the next round begins by asking, so a restart after kill -9 and a
 * dropped connection take the same way (rule O3).
 */
import { DpsError } from '../dps/errors.ts';
import { askAbout } from './ask.ts';
import { bulkLimit, makeBatches } from './batches.ts';
import type { DrainDesk } from './drain-desk.ts';
import { atPace } from './in-parallel.ts';
import { inTurn, sendBatch } from './send.ts';
import { sendChanges } from './send-changes.ts';
import type { CreateEntry, OutboxEntry } from './store.ts';

const askedAtOnce = 50;

/** Returns the fault that ended the round, or undefined: nothing is due, or the signal was given. */
export async function drainRound(desk: DrainDesk, signal: AbortSignal): Promise<DpsError | undefined> {
  try {
    await resolveUnresolved(desk, signal);
    const operations = desk.pace.budget.costOfBulk(bulkLimit);
    await atPace(desk.pace, dueEntries(desk, signal), entries => sendInBatches(entries, desk), {
      operations,
      signal,
    });
    return undefined;
  } catch (error) {
    if (error instanceof DpsError) return error;
    throw error;
  } finally {
    desk.store.endRound();
  }
}

async function resolveUnresolved(desk: DrainDesk, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const taken = desk.store.unresolved(askedAtOnce);
    if (taken.length === 0) return;
    await askAbout(desk.readable(taken), desk);
  }
}

/** Taken only when a request may begin: what is not on its way stays in the queue. */
function* dueEntries(desk: DrainDesk, signal: AbortSignal): Generator<readonly OutboxEntry[]> {
  while (!signal.aborted) {
    const taken = desk.store.take(bulkLimit, desk.timing.now());
    if (taken.length === 0) return;
    yield desk.readable(taken);
  }
}

async function sendInBatches(entries: readonly OutboxEntry[], desk: DrainDesk): Promise<void> {
  const goesAlone = (entry: OutboxEntry) => desk.goesAlone(entry);
  const creates = makeBatches(entries.filter(isCreate), goesAlone);
  const changes = makeBatches(
    entries.filter(entry => !isCreate(entry)),
    goesAlone,
  );
  await inTurn(
    [
      ...creates.map(batch => ({ entries: batch, send: () => sendBatch(batch, desk) })),
      ...changes.map(batch => ({ entries: batch, send: () => sendChanges(batch, desk) })),
    ],
    desk,
  );
}

function isCreate(entry: OutboxEntry): entry is CreateEntry {
  return entry.operation === 'create';
}
