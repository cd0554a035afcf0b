/** The parts of an export after reading, whichever of the forms the file has. */

import canonicalize from 'canonicalize';
import { z } from 'zod';
import { isShallow } from './shallow-json.ts';
import { Found } from './verdict.ts';

export type ExportPart =
  | { readonly kind: 'head'; readonly head: Head; readonly line: number }
  | {
      readonly kind: 'entry';
      readonly bytes: Buffer;
      readonly leafHash: Buffer;
      readonly line: number;
      /** The row's cells by column, where the form has readable columns. */
      readonly cells?: ReadonlyMap<string, string>;
    }
  | {
      readonly kind: 'withheld';
      readonly index: number;
      readonly leafHashes: readonly Buffer[];
      readonly line: number;
    }
  | { readonly kind: 'tail'; readonly tail: Tail; readonly line: number };

const moment = z.iso.datetime({ precision: 3 });
const headSchema = z.strictObject({
  filter: z.strictObject({
    state: z.string().optional(),
    workOrder: z.string().optional(),
    since: moment.optional(),
    until: moment.optional(),
  }),
  format: z.literal('keyline-audit-export'),
  /** Version of Keyline that wrote it; absent in the oldest. */
  keyline: z.string().optional(),
  madeAt: moment,
  origin: z.string(),
  rehearsal: z.boolean(),
  size: z.int().nonnegative(),
  v: z.literal(1),
});
export type Head = z.infer<typeof headSchema>;

const tailSchema = z.strictObject({
  checkpoint: z.string(),
  /** Where the key was exchanged: the notes that say so, first one first. */
  rotations: z.array(z.string()).min(1).optional(),
  seal: z.string(),
  verifierKey: z.string(),
});
export type Tail = z.infer<typeof tailSchema>;

export function headOf(text: string): Head | undefined {
  return canonicalObject(headSchema, text);
}

export function tailOf(text: string, line: number): Tail {
  const tail = canonicalObject(tailSchema, text);
  if (!tail) throw new Found('malformed', 'the last line is not that of an export', { line });
  return tail;
}

/** The object that a text is the one RFC 8785 form of. */
function canonicalObject<T>(schema: z.ZodType<T>, text: string): T | undefined {
  if (!isShallow(text)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return canonicalize(json) === text ? schema.safeParse(json).data : undefined;
  } catch {
    return undefined;
  }
}

export function hashOf(text: string): Buffer | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function textOf(bytes: Buffer, line: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Found('malformed', 'this is not UTF-8 text', { line });
  }
}
