/**
 * One bulk request and what its answer means for each entry in it (rules O2, O3, O5). Nothing is concluded from silence:
 * an entry about which the answer says nothing certain is asked about, or stays in `sending` until it is.
 */
import { DpsError, type DpsErrorCode } from '../dps/errors.ts';
import type { BulkAnswer, BulkItemError } from '../dps/service.ts';
import { askAbout, rejected } from './ask.ts';
import type { DrainDesk } from './drain-desk.ts';
import type { OutboxEntry, Settlement } from './store.ts';

/** DPS error codes; their first three digits are the HTTP status. */
const alreadyExists = 409201;

/**
 * Sends entries of distinct registration ids. Throws DpsError where the drain must pause; then every entry is either
 * settled (also: requeued, when it is certain that nothing was done) or still in `sending`.
 */
export async function sendBatch(entries: readonly OutboxEntry[], desk: DrainDesk): Promise<void> {
  let answer: BulkAnswer;
  try {
    answer = await desk.service.createMany(entries.map(entry => entry.document));
  } catch (error) {
    if (!(error instanceof DpsError)) throw error;
    if (error.code === 'rejected') return refusedAsWhole(entries, error, desk);
    if (isUndone(error)) {
      const detail = `Not taken by DPS: ${error.code}.`;
      desk.settle(entries.map(entry => desk.requeued(entry, detail, error.retryAfterMs)));
    }
    throw error;
  }
  await settleAnswer(entries, answer, desk);
}

/** Codes that DPS's 401, 403 and 429 become. */
const undone: ReadonlySet<DpsErrorCode> = new Set([
  'throttled',
  'unauthorized',
  'access-revoked',
  'clock-wrong',
  'forbidden',
  'entra-role-missing',
]);

/** DPS did nothing, by its own words or because the request never left. */
function isUndone(error: DpsError): boolean {
  return error.notSent || undone.has(error.code);
}

/** One bad entry fails the request for all: each is sent by itself, and the bad one set aside (rule O4). */
async function refusedAsWhole(
  entries: readonly OutboxEntry[],
  error: DpsError,
  desk: DrainDesk,
): Promise<void> {
  const [only] = entries;
  if (only && entries.length === 1) {
    if (error.errorCode === alreadyExists) await askAbout(entries, desk);
    else desk.settle([rejected(only.entryId, error.message)]);
    return;
  }
  for (const [index, entry] of entries.entries()) {
    try {
      await sendBatch([entry], desk);
    } catch (fault) {
      const unsent = entries.slice(index + 1);
      desk.settle(unsent.map(each => desk.requeued(each, 'Not sent: the drain paused before it.')));
      throw fault;
    }
  }
}

async function settleAnswer(
  entries: readonly OutboxEntry[],
  answer: BulkAnswer,
  desk: DrainDesk,
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
    switch (error && itemMeaning(error)) {
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

function itemMeaning(error: BulkItemError): 'refused' | 'undone' | 'unclear' {
  const status = Math.trunc(error.errorCode / 1000);
  if (status === 429) return 'undone';
  if (error.errorCode === alreadyExists) return 'unclear';
  // Only a 4xx in DPS's own numbering condemns an entry; anything else says nothing certain.
  return status >= 400 && status < 500 ? 'refused' : 'unclear';
}
