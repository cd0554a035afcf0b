/**
 * One bulk request and what its answer means for each entry in it (rules O2, O3, O5). Nothing is concluded from silence:
 * an entry about which the answer says nothing certain is asked about, or stays in `sending` until it is.
 */
import { DpsError } from '../dps/errors.ts';
import type { BulkAnswer, BulkItemError } from '../dps/service.ts';
import { askAbout, rejected } from './ask.ts';
import type { DrainDesk } from './drain-desk.ts';
import type { CreateEntry, OutboxEntry, Settlement } from './store.ts';

/** A kind of bulk request. */
export interface BulkKind<Entry> {
  readonly call: (entries: readonly Entry[]) => Promise<BulkAnswer>;
  /** DPS error codes (their first three digits are the HTTP status) that are a question and no refusal. */
  readonly isQuestion: (errorCode: number) => boolean;
}

const alreadyExists = 409201;

/**
 * Creates. Sends entries of distinct registration ids. Throws DpsError where the drain must pause; then every entry is
 * either settled (also: requeued, when it is certain that nothing was done) or still in `sending`.
 */
export function sendBatch(entries: readonly CreateEntry[], desk: DrainDesk): Promise<void> {
  return sendBulk(entries, desk, {
    call: batch => desk.service.createMany(batch.map(entry => entry.document)),
    isQuestion: errorCode => errorCode === alreadyExists,
  });
}

/** As `sendBatch`, for any kind. */
export async function sendBulk<Entry extends OutboxEntry>(
  entries: readonly Entry[],
  desk: DrainDesk,
  kind: BulkKind<Entry>,
): Promise<void> {
  let answer: BulkAnswer;
  try {
    answer = await kind.call(entries);
  } catch (error) {
    if (!(error instanceof DpsError)) throw error;
    if (error.code === 'rejected') return refusedAsWhole(entries, error, desk, kind);
    if (isUndone(error)) desk.settle(entries.map(entry => desk.undone(entry, error)));
    throw error;
  }
  await settleAnswer(entries, answer, desk, kind);
}

/** DPS did nothing, by its own words or because the request never left. */
export function isUndone(error: DpsError): boolean {
  const { code } = error;
  return error.notSent || code === 'throttled' || code === 'unauthorized' || code === 'forbidden';
}

interface Sending {
  readonly entries: readonly OutboxEntry[];
  readonly send: () => Promise<void>;
}

/** One after the other; after a fault the entries of those that were not begun go back into the queue. */
export async function inTurn(sendings: readonly Sending[], desk: DrainDesk): Promise<void> {
  for (const [index, { send }] of sendings.entries()) {
    try {
      await send();
    } catch (fault) {
      const unsent = sendings.slice(index + 1).flatMap(({ entries }) => entries);
      desk.settle(unsent.map(each => desk.requeued(each, 'Not sent: the drain paused before it.')));
      throw fault;
    }
  }
}

/** One bad entry fails the request for all: each is sent by itself, and the bad one set aside (rule O4). */
async function refusedAsWhole<Entry extends OutboxEntry>(
  entries: readonly Entry[],
  error: DpsError,
  desk: DrainDesk,
  kind: BulkKind<Entry>,
): Promise<void> {
  const [only] = entries;
  if (only && entries.length === 1) {
    if (error.errorCode !== undefined && kind.isQuestion(error.errorCode)) await askAbout(entries, desk);
    else desk.settle([rejected(only.entryId, error.message)]);
    return;
  }
  const one = (entry: Entry) => ({ entries: [entry], send: () => sendBulk([entry], desk, kind) });
  await inTurn(entries.map(one), desk);
}

async function settleAnswer<Entry extends OutboxEntry>(
  entries: readonly Entry[],
  answer: BulkAnswer,
  desk: DrainDesk,
  kind: BulkKind<Entry>,
): Promise<void> {
  if (answer.isSuccessful && answer.errors.length === 0) {
    desk.settle(entries.map(({ entryId }) => ({ kind: 'enrolled', entryId, how: 'acknowledged' })));
    return;
  }
  const errors = new Map(answer.errors.map(error => [error.registrationId.toLowerCase(), error]));
  const certain: Settlement[] = [];
  const uncertain: OutboxEntry[] = [];
  let throttled: BulkItemError | undefined;
  for (const entry of entries) {
    const error = errors.get(entry.registrationId.toLowerCase());
    switch (error && itemMeaning(error, kind)) {
      case 'refused':
        certain.push(rejected(entry.entryId, `${error!.errorCode} ${error!.errorStatus}`.trim()));
        break;
      case 'undone':
        throttled = error;
        certain.push(desk.requeued(entry, `Not taken by DPS: ${error!.errorCode}.`));
        break;
      default:
        // Also those that the answer does not name: that they were stored is not documented.
        uncertain.push(entry);
    }
  }
  desk.settle(certain);
  await askAbout(uncertain, desk);
  if (throttled) {
    throw new DpsError('throttled', 'DPS throttled part of a bulk request.', {
      errorCode: throttled.errorCode,
    });
  }
}

function itemMeaning(
  error: BulkItemError,
  { isQuestion }: Pick<BulkKind<never>, 'isQuestion'>,
): 'refused' | 'undone' | 'unclear' {
  const status = Math.trunc(error.errorCode / 1000);
  if (status === 429) return 'undone';
  if (isQuestion(error.errorCode)) return 'unclear';
  // Only a 4xx in DPS's own numbering condemns an entry; anything else says nothing certain.
  return status >= 400 && status < 500 ? 'refused' : 'unclear';
}
