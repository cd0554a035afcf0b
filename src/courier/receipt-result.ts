/** One line of a receipt: what became of one entry of the bundle. Untrusted. */
import { z } from 'zod';
import { canonicalLine, parseCanonical } from './canonical-json.ts';
import { CourierError } from './errors.ts';

const entryId = z.uuid();
const word = z.string().min(1).max(60);

const resultSchema = z.discriminatedUnion('outcome', [
  /** DPS fulfilled it. */
  z.strictObject({ entryId, outcome: z.literal('enrolled'), etag: z.string().max(200).optional() }),
  /** What DPS has by its id is not ours to change; with what DPS answered. */
  z.strictObject({
    entryId,
    outcome: z.literal('conflict'),
    reason: z.enum(['clone-elsewhere', 'unknown-origin', 'other-endorsement-key', 'gone-from-dps']),
    theirs: z.record(z.string(), z.unknown()),
  }),
  /** DPS, a rule or a person at the receiving station refused it. */
  z.strictObject({ entryId, outcome: z.literal('refused'), reason: word, detail: z.string().max(2000) }),
  /** It waits there still. */
  z.strictObject({ entryId, outcome: z.literal('waiting') }),
]);

export type ReceiptResult = z.infer<typeof resultSchema>;

export const resultLine = (result: ReceiptResult): string => canonicalLine(result);

/** @throws CourierError `courier-malformed` */
export function readResult(line: string, number: number): ReceiptResult {
  const parsed = resultSchema.safeParse(parseCanonical(line, `result ${number}`));
  if (!parsed.success)
    throw new CourierError(
      'courier-malformed',
      `result ${number}: ${parsed.error.issues[0]?.path.join('.')}`,
    );
  return parsed.data;
}
