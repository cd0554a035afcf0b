/**
 * The bulk operation (Run Bulk Operation) on individual enrollments and on groups: up to 10 items of one mode. The answer
 * is HTTP 200 also when items failed, with one error per failed item; the good items are stored. An id named twice fails
 * the whole request. Create never overwrites; update without an etag is refused as "exists already", as the service does.
 */
import { z } from 'zod';
import { type EnrollmentKind, idOf } from './enrollment-kind.ts';
import { createEnrollment, deleteEnrollment, updateEnrollment } from './enrollments.ts';
import { readPrecondition } from './entity-tag.ts';
import { badRequest, enrollmentExists, enrollmentNotFound, invalidArgument, Refusal } from './refusal.ts';
import type { Store } from './store.ts';

export const bulkLimit = 10;

// The API says updateIfMatchETag, Microsoft's Node SDK spells updateIfMatchEtag.
const mode = z.enum(['create', 'update', 'updateIfMatchETag', 'updateIfMatchEtag', 'delete']);
const items = z.array(z.looseObject({ etag: z.string().nullish() })).min(1);
const requests = {
  enrollments: z
    .object({ mode, enrollments: items })
    .transform(({ enrollments, ...rest }) => ({ ...rest, listed: enrollments })),
  enrollmentGroups: z
    .object({ mode, enrollmentGroups: items })
    .transform(({ enrollmentGroups, ...rest }) => ({ ...rest, listed: enrollmentGroups })),
};

interface BulkItem {
  readonly id: string;
  readonly etag: string | undefined;
  readonly document: unknown;
}

type ItemOperation = (kind: EnrollmentKind, store: Store, item: BulkItem) => Refusal | undefined;

export interface BulkResult {
  readonly errors: readonly object[];
  readonly isSuccessful: boolean;
}

export function runBulkOperation(kind: EnrollmentKind, store: Store, body: unknown): BulkResult | Refusal {
  const request = readBulk(kind, body);
  if (request instanceof Refusal) return request;
  const operate = operations[request.mode];
  const errors = store.inTransaction(() =>
    request.items.flatMap(item => {
      const refusal = operate(kind, store, item);
      return refusal === undefined ? [] : [itemError(kind, item, refusal)];
    }),
  );
  return { errors, isSuccessful: errors.length === 0 };
}

/** As many items as a bulk request seems to carry, before it is judged; at least one, because it is a request. */
export function bulkItems(kind: EnrollmentKind, body: unknown): number {
  const listed = ((body ?? {}) as Readonly<Record<string, unknown>>)[kind.listMember];
  return Array.isArray(listed) ? Math.min(Math.max(listed.length, 1), bulkLimit) : 1;
}

function readBulk(kind: EnrollmentKind, body: unknown) {
  const parsed = requests[kind.listMember].safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return badRequest(`Invalid bulk operation: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? ''}`);
  }
  const { listed } = parsed.data;
  if (listed.length > bulkLimit) {
    return badRequest(`A bulk operation takes at most ${bulkLimit} ${kind.listMember}.`);
  }
  const read = listed.map((document): Partial<BulkItem> => {
    const id = document[kind.idMember];
    return { ...(typeof id === 'string' ? { id } : {}), etag: document.etag ?? undefined, document };
  });
  if (!read.every(item => item.id !== undefined)) {
    return badRequest(`Invalid bulk operation: an item has no ${kind.idMember}.`);
  }
  const named = read as BulkItem[];
  if (new Set(named.map(item => item.id.toLowerCase())).size < named.length) {
    return badRequest(`A ${kind.idMember} appears more than once.`);
  }
  return { mode: parsed.data.mode, items: named };
}

const createItem: ItemOperation = (kind, store, item) => {
  const sent = kind.read(item.document);
  return sent instanceof Refusal ? sent : refusalOf(createEnrollment(kind, store, sent));
};

const updateItem: ItemOperation = (kind, store, item) => {
  const sent = kind.read(item.document);
  if (sent instanceof Refusal) return sent;
  if (kind.table(store).get(idOf(kind, sent)) === undefined) return enrollmentNotFound();
  const precondition = readPrecondition(item.etag);
  if (precondition.kind === 'none') return enrollmentExists();
  return refusalOf(updateEnrollment(kind, store, sent, precondition));
};

const updateItemIfMatch: ItemOperation = (kind, store, item) =>
  item.etag === undefined ? invalidArgument('ETag is invalid') : updateItem(kind, store, item);

const deleteItem: ItemOperation = (kind, store, item) => deleteEnrollment(kind, store, item.id, item.etag);

const operations = {
  create: createItem,
  update: updateItem,
  updateIfMatchETag: updateItemIfMatch,
  updateIfMatchEtag: updateItemIfMatch,
  delete: deleteItem,
} satisfies Record<z.infer<typeof mode>, ItemOperation>;

function refusalOf(result: object | Refusal): Refusal | undefined {
  return result instanceof Refusal ? result : undefined;
}

function itemError(kind: EnrollmentKind, item: BulkItem, refusal: Refusal): object {
  return { [kind.idMember]: item.id, errorCode: refusal.errorCode, errorStatus: refusal.message };
}
