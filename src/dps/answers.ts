/**
 * What DPS answers (service API 2021-10-01), checked before anything believes it. Everything here is untrusted: a proxy,
 * a wrong host or a fault may answer in its place. Unknown fields are kept, missing ones are an error.
 */
import { z } from 'zod';
import { DpsError } from './errors.ts';
import type { BulkAnswer, EnrollmentRecord } from './service.ts';

/** BulkEnrollmentOperationResult. `errors` is left out or null by some front ends when there are none. */
const bulkAnswer = z.object({
  isSuccessful: z.boolean(),
  errors: z
    .array(
      z.object({
        registrationId: z.string(),
        errorCode: z.number().int(),
        errorStatus: z
          .string()
          .nullish()
          .transform(text => text ?? ''),
      }),
    )
    .nullish()
    .transform(list => list ?? []),
});

/** IndividualEnrollment, as far as something is decided by it. */
const enrollment = z.looseObject({
  registrationId: z.string(),
  attestation: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('tpm'), tpm: z.looseObject({ endorsementKey: z.string().min(1) }) }),
    z.looseObject({ type: z.enum(['none', 'x509', 'symmetricKey']) }),
  ]),
  etag: z.string().nullish(),
});

/** What is in a record is looked at where it is used. */
const page = z.array(z.looseObject({}));

export function readBulkAnswer(body: unknown): BulkAnswer {
  return read(bulkAnswer, body, 'bulk enrollment operation');
}

/** Also refuses a record of another id than the one asked for. */
export function readEnrollment(body: unknown, registrationId: string): EnrollmentRecord {
  const record = read(enrollment, body, 'enrollment');
  if (record.registrationId.toLowerCase() !== registrationId.toLowerCase()) {
    throw new DpsError('answer-malformed', 'DPS answered with another enrollment than the one asked for.');
  }
  return record;
}

export function readPage(body: unknown): readonly EnrollmentRecord[] {
  return read(page, body, 'query');
}

function read<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.') || 'the whole';
  throw new DpsError(
    'answer-malformed',
    `The answer to the ${what} request does not fit the API, at ${where}.`,
  );
}
