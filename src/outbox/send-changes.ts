/**
 * Changes of enrollments that are there (rules O2, O3): each is looked at first, and written or deleted only over the very
 * record that was seen (If-Match with its etag, never `*`). What changed meanwhile is looked at again; a reply that was
 * lost is resolved by asking, and a request that arrives late finds another etag and does nothing.
 */
import { DpsError } from '../dps/errors.ts';
import { rejected } from './ask.ts';
import { type ChangeFinding, findChange } from './change.ts';
import type { DrainDesk } from './drain-desk.ts';
import { inParallel } from './in-parallel.ts';
import { inTurn, isUndone, sendBulk } from './send.ts';
import type { ChangeEntry, Settlement } from './store.ts';

type ToDo = ChangeEntry & { readonly finding: Extract<ChangeFinding, { kind: 'to-do' }> };

/** Up to ten entries of distinct registration ids. Throws as `sendBatch` does. */
export async function sendChanges(entries: readonly ChangeEntry[], desk: DrainDesk): Promise<void> {
  const { toDo, fault } = await lookAt(entries, desk);
  const deletes = toDo.filter(({ operation }) => operation === 'delete');
  const updates = toDo.filter(({ operation }) => operation !== 'delete');
  await inTurn(
    [
      ...(updates.length === 0 ? [] : [{ entries: updates, send: () => update(updates, desk) }]),
      ...deletes.map(entry => ({ entries: [entry], send: () => remove(entry, desk) })),
    ],
    desk,
  );
  if (fault) throw fault;
}

interface Looked {
  readonly toDo: readonly ToDo[];
  /** What ended the looking early. What was seen until then is done all the same: else ten looks had to succeed in a row. */
  readonly fault?: DpsError;
}

/** Settles what needs no request. Of what could not be looked at nothing was sent: it goes back into the queue. */
async function lookAt(entries: readonly ChangeEntry[], desk: DrainDesk): Promise<Looked> {
  const settlements: Settlement[] = [];
  const toDo: ToDo[] = [];
  const left = new Set(entries);
  let fault: DpsError | undefined;
  try {
    await inParallel(desk.concurrency, entries, async entry => {
      const seen = await look(entry, desk);
      left.delete(entry);
      if (seen.kind === 'to-do') toDo.push({ ...entry, finding: seen });
      else settlements.push(seen);
    });
  } catch (error) {
    if (!(error instanceof DpsError)) throw error;
    fault = error;
  }
  const unseen = [...left].map(entry => desk.requeued(entry, 'Not sent: the drain paused before it.'));
  desk.settle([...settlements, ...unseen]);
  return { toDo, ...(fault ? { fault } : {}) };
}

async function look(entry: ChangeEntry, desk: DrainDesk): Promise<Settlement | ToDo['finding']> {
  const { entryId } = entry;
  try {
    const finding = findChange(entry, await desk.service.get(entry.registrationId));
    switch (finding.kind) {
      case 'to-do':
        return finding;
      case 'so':
        return { ...finding, kind: 'enrolled', entryId, how: 'already-there' };
      case 'conflict':
        return { ...finding, entryId };
      case 'no-etag':
        throw new DpsError('answer-malformed', 'DPS answered with an enrollment without an etag.');
    }
  } catch (error) {
    if (error instanceof DpsError && error.code === 'rejected') return rejected(entryId, error.message);
    throw error;
  }
}

function update(entries: readonly ToDo[], desk: DrainDesk): Promise<void> {
  return sendBulk(entries, desk, {
    call: batch =>
      desk.service.updateMany(batch.map(({ finding }) => ({ ...finding.document, etag: finding.etag }))),
    // Changed or gone meanwhile; 409 is how DPS also says that two writers met.
    isQuestion: errorCode => [404, 409, 412].includes(Math.trunc(errorCode / 1000)),
  });
}

async function remove(entry: ToDo, desk: DrainDesk): Promise<void> {
  const { entryId, registrationId, finding } = entry;
  try {
    const removed = await desk.service.remove(registrationId, finding.etag);
    desk.settle([{ kind: 'enrolled', entryId, how: removed ? 'acknowledged' : 'recognised' }]);
  } catch (error) {
    if (!(error instanceof DpsError)) throw error;
    if (error.code === 'etag-mismatch') desk.settle([desk.lost(entry, 'It was changed in DPS meanwhile.')]);
    else if (error.code === 'rejected') desk.settle([rejected(entryId, error.message)]);
    else {
      if (isUndone(error)) desk.settle([desk.undone(entry, error)]);
      throw error;
    }
  }
}
