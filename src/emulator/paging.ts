/**
 * Queries by pages, as all queries of the service API have them: a bare array, at most so many as the client asks for; a
 * continuation token is opaque and comes with every page but the last. What the query grammar is beyond "everything" is
 * not documented, so nothing else is served. Query, page size and token are untrusted.
 */
import { z } from 'zod';
import type { StoredPage } from './record-table.ts';
import { badRequest, Refusal } from './refusal.ts';
import { type Answer, answer } from './reply.ts';

const defaultPageSize = 100;
const largestPageSize = 1000;

/** What `x-ms-item-type` calls the records of a page. */
export type ItemType = 'Enrollment' | 'EnrollmentGroup' | 'DeviceRegistration';

/** One storage cursor: what is paged through, and the last place shown. */
const cursors = z.tuple([
  z.object({ query: z.string(), place: z.string().regex(/^[0-9a-f]{32}$/), pages: z.literal('forward') }),
]);

export interface PageRequest {
  /** Names the walk, so that a token of another one is refused. */
  readonly query: string;
  readonly itemType: ItemType;
  readonly maxItemCount: string | undefined;
  readonly continuation: string | undefined;
}

/** Answers with the page that was asked for. */
export function answerPage<Record>(
  request: PageRequest,
  pageBehind: (after: Buffer, size: number) => StoredPage<Record>,
  shown: (record: Record) => unknown,
): Answer | Refusal {
  const size = readPageSize(request.maxItemCount);
  if (size instanceof Refusal) return size;
  const after = readContinuation(request);
  if (after instanceof Refusal) return after;
  const page = pageBehind(after, size);
  const headers = { 'x-ms-item-type': request.itemType, 'X-Content-Type-Options': 'nosniff' };
  return answer(
    200,
    page.records.map(shown),
    page.next === undefined
      ? headers
      : { ...headers, 'x-ms-continuation': writeContinuation(request.query, page.next) },
  );
}

/** A refusal where the body of a query asks for anything but everything. */
export function judgeQuery(body: unknown): Refusal | undefined {
  const query = (body as { readonly query?: unknown } | null)?.query;
  if (typeof query !== 'string') return badRequest('The body must be {"query": "..."}.');
  return /^\s*(?:select\s+)?\*(?:\s+from\s+enrollments)?\s*;?\s*$/i.test(query)
    ? undefined
    : badRequest('The query is not supported: only "SELECT *" is.');
}

function readPageSize(text: string | undefined): number | Refusal {
  if (text === undefined || text === '') return defaultPageSize;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return size > 0
    ? Math.min(size, largestPageSize)
    : badRequest('x-ms-max-item-count must be a positive integer.');
}

function writeContinuation(query: string, place: Buffer): string {
  const cursor = { query, place: place.toString('hex'), pages: 'forward' };
  return Buffer.from(JSON.stringify([cursor])).toString('base64');
}

function readContinuation({ query, continuation }: PageRequest): Buffer | Refusal {
  if (continuation === undefined || continuation === '') return Buffer.alloc(0);
  try {
    const [cursor] = cursors.parse(JSON.parse(Buffer.from(continuation, 'base64').toString('utf8')));
    if (cursor.query === query) return Buffer.from(cursor.place, 'hex');
  } catch {
    // Said below: there is one thing to say about any token that is not ours.
  }
  return badRequest('The continuation token is invalid.');
}
