/**
 * Evidence in one piece, from anywhere: one RFC 8785 object with its seal in a member of that name, a line feed, and nothing
 * else. One spelling only: otherwise two files that differ would be the same evidence.
 */
import { readFile, stat } from 'node:fs/promises';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { fromBase64 } from '../base64.ts';
import { reading } from './reading.ts';
import { isShallow } from './shallow-json.ts';
import { Found } from './verdict.ts';

export interface SealedObject<T> {
  readonly value: T;
  /** What its seal is over: the object without it. */
  readonly sealedText: string;
}

export const base64 = z.string().transform((text, context) => {
  const bytes = fromBase64(text);
  if (bytes) return bytes;
  context.addIssue('not base64');
  return z.NEVER;
});

/**
 * @param largest bytes
 * @throws Found `malformed`, `truncated`; AuditError `export-unreadable`
 */
export async function readSealedObject<T>(
  file: string,
  schema: z.ZodType<T>,
  largest: number,
): Promise<SealedObject<T>> {
  return reading(file, async () => {
    if ((await stat(file)).size > largest) throw new Found('malformed', 'this is too large for what it is');
    return parse(await readFile(file), schema);
  });
}

function parse<T>(bytes: Buffer, schema: z.ZodType<T>): SealedObject<T> {
  if (bytes.at(-1) !== 0x0a) throw new Found('truncated', 'the file has no end');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, -1));
  const json = canonicalOf(text);
  if (json === undefined || !Buffer.from(text).equals(bytes.subarray(0, -1)))
    throw new Found('malformed', 'this is not one RFC 8785 object');
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Found('malformed', `${issue!.path.join('.') || 'the object'}: ${issue!.message}`);
  }
  const { seal: _, ...sealed } = json as Record<string, unknown>;
  return { value: parsed.data, sealedText: canonicalize(sealed)! };
}

function canonicalOf(text: string): unknown {
  if (!isShallow(text)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return canonicalize(json) === text ? json : undefined;
  } catch {
    return undefined;
  }
}
