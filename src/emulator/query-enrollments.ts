/**
 * The enrollment query with its paging (Individual Enrollment, Query): the answer is a bare array; a continuation token is
 * opaque and comes with every page but the last. Order is by place, neither by id nor by time. What the service's grammar
 * is beyond "everything" is not documented, so nothing else is served. Query, page size and token are untrusted.
 */
import { z } from 'zod';
import type { EnrollmentRecord, EnrollmentStore } from './enrollment-store.ts';
import { badRequest, Refusal } from './refusal.ts';

const defaultPageSize = 100;
const largestPageSize = 1000;

const querySpecification = z.object({ query: z.string() });
/** One storage cursor: the query that it belongs to and the last place shown. */
const cursors = z.tuple([
  z.object({
    query: z.literal('everything'),
    place: z.string().regex(/^[0-9a-f]{64}$/),
    pages: z.literal('forward'),
  }),
]);

export interface EnrollmentPage {
  readonly records: readonly EnrollmentRecord[];
  readonly continuation: string | undefined;
}

export function queryEnrollments(
  store: EnrollmentStore,
  body: unknown,
  maxItemCount: string | undefined,
  continuation: string | undefined,
): EnrollmentPage | Refusal {
  const specification = querySpecification.safeParse(body);
  if (!specification.success) return badRequest('The body must be {"query": "..."}.');
  if (!/^\s*(?:select\s+)?\*(?:\s+from\s+enrollments)?\s*;?\s*$/i.test(specification.data.query)) {
    return badRequest('The query is not supported: only "SELECT *" is.');
  }
  const size = readPageSize(maxItemCount);
  if (size instanceof Refusal) return size;
  const after = readContinuation(continuation);
  if (after instanceof Refusal) return after;
  const page = store.page(after, size);
  return {
    records: page.records,
    continuation: page.next === undefined ? undefined : writeContinuation(page.next),
  };
}

function readPageSize(text: string | undefined): number | Refusal {
  if (text === undefined || text === '') return defaultPageSize;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return size > 0
    ? Math.min(size, largestPageSize)
    : badRequest('x-ms-max-item-count must be a positive integer.');
}

function writeContinuation(place: string): string {
  return Buffer.from(JSON.stringify([{ query: 'everything', place, pages: 'forward' }])).toString('base64');
}

function readContinuation(text: string | undefined): string | Refusal {
  if (text === undefined || text === '') return '';
  try {
    return cursors.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')))[0].place;
  } catch {
    return badRequest('The continuation token is invalid.');
  }
}
