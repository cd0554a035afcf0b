/**
 * The bulk operation (Individual Enrollment, Run Bulk Operation): up to 10 items of one mode. The answer is HTTP 200 also
 * when items failed, with one error per failed item; the good items are stored. A registration id named twice fails the
 * whole request. Create never overwrites; update without an etag is refused as "exists already", as the service does.
 */
import { z } from 'zod';
import { isRegistrationId, readEnrollment } from './enrollment-shape.ts';
import type { EnrollmentStore } from './enrollment-store.ts';
import { judgePrecondition } from './enrollments.ts';
import { readPrecondition } from './entity-tag.ts';
import { badRequest, enrollmentExists, enrollmentNotFound, invalidArgument, Refusal } from './refusal.ts';

export const bulkLimit = 10;

const bulkOperation = z.object({
  // The API says updateIfMatchETag, Microsoft's Node SDK spells updateIfMatchEtag.
  mode: z.enum(['create', 'update', 'updateIfMatchETag', 'updateIfMatchEtag', 'delete']),
  enrollments: z.array(z.looseObject({ registrationId: z.string(), etag: z.string().nullish() })).min(1),
});

type BulkItem = z.infer<typeof bulkOperation>['enrollments'][number];
type ItemOperation = (store: EnrollmentStore, item: BulkItem) => Refusal | undefined;

export interface BulkResult {
  readonly errors: readonly { registrationId: string; errorCode: number; errorStatus: string }[];
  readonly isSuccessful: boolean;
}

export function runBulkOperation(store: EnrollmentStore, body: unknown): BulkResult | Refusal {
  const parsed = bulkOperation.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return badRequest(`Invalid bulk operation: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? ''}`);
  }
  const { mode, enrollments } = parsed.data;
  if (enrollments.length > bulkLimit) {
    return badRequest(`A bulk operation takes at most ${bulkLimit} enrollments.`);
  }
  const ids = new Set(enrollments.map(item => item.registrationId.toLowerCase()));
  if (ids.size < enrollments.length) return badRequest('A registrationId appears more than once.');
  const operate = operations[mode];
  const errors = store.inTransaction(() =>
    enrollments.flatMap(item => {
      const refusal = operate(store, item);
      return refusal === undefined ? [] : [itemError(item, refusal)];
    }),
  );
  return { errors, isSuccessful: errors.length === 0 };
}

const createItem: ItemOperation = (store, item) => {
  const fields = readEnrollment(item);
  if (fields instanceof Refusal) return fields;
  const previous = store.get(fields.registrationId);
  if (previous === undefined) {
    store.create(fields);
    return undefined;
  }
  store.noteRepeatedCreate(previous.registrationId);
  return enrollmentExists();
};

const updateItem: ItemOperation = (store, item) => {
  const fields = readEnrollment(item);
  if (fields instanceof Refusal) return fields;
  const previous = store.get(fields.registrationId);
  if (previous === undefined) return enrollmentNotFound();
  const precondition = readPrecondition(item.etag ?? undefined);
  if (precondition.kind === 'none') return enrollmentExists();
  const refusal = judgePrecondition(precondition, previous);
  if (refusal) return refusal;
  store.overwrite(previous, fields);
  return undefined;
};

const updateItemIfMatch: ItemOperation = (store, item) =>
  item.etag == null ? invalidArgument('ETag is invalid') : updateItem(store, item);

const deleteItem: ItemOperation = (store, item) => {
  if (!isRegistrationId(item.registrationId)) return invalidArgument('Invalid RegistrationId');
  const previous = store.get(item.registrationId);
  const refusal = judgePrecondition(readPrecondition(item.etag ?? undefined), previous);
  if (refusal) return refusal;
  store.remove(item.registrationId);
  return undefined;
};

const operations = {
  create: createItem,
  update: updateItem,
  updateIfMatchETag: updateItemIfMatch,
  updateIfMatchEtag: updateItemIfMatch,
  delete: deleteItem,
} satisfies Record<z.infer<typeof bulkOperation>['mode'], ItemOperation>;

function itemError(item: BulkItem, refusal: Refusal) {
  return {
    registrationId: item.registrationId,
    errorCode: refusal.errorCode,
    errorStatus: refusal.message,
  };
}
