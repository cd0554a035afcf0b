/** A device's passport as a file from anywhere: one RFC 8785 object, a line feed, and nothing else. */
import { readFile, stat } from 'node:fs/promises';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { fromBase64 } from '../base64.ts';
import { AuditError } from '../errors.ts';
import { Found } from './verdict.ts';

/** Bytes; a device with thousands of attempts stays well below. */
const largest = 64 * 1024 * 1024;
/** RFC 8785 sorts members by name, so every passport begins so. */
const beginning = '{"certificates":[';

const moment = z.iso.datetime({ precision: 3 });
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const base64 = z.string().transform((text, context) => {
  const bytes = fromBase64(text);
  if (bytes) return bytes;
  context.addIssue('not base64');
  return z.NEVER;
});
const index = z.int().nonnegative();

const passportSchema = z.strictObject({
  certificates: z.array(base64).max(20),
  claims: z.array(z.strictObject({ at: moment, index, origin: z.string(), what: z.string() })),
  device: z.strictObject({
    ekSha256: hex,
    ekTemplate: z.string(),
    endorsementKey: base64,
    product: z.string(),
    registrationId: z.string(),
    serial: z.string().nullable(),
    workOrder: z.string().nullable(),
  }),
  format: z.literal('keyline-device-passport'),
  keyline: z.string(),
  logs: z
    .array(
      z.strictObject({
        checkpoint: z.string(),
        entries: z.array(z.strictObject({ entry: z.string(), index, proof: z.array(base64).max(64) })),
        origin: z.string(),
        rotations: z.array(z.string()).min(1).optional(),
        size: index,
        verifierKey: z.string(),
      }),
    )
    .min(1)
    .max(100),
  madeAt: moment,
  rehearsal: z.boolean(),
  seal: z.string(),
  v: z.literal(1),
});
export type Passport = z.infer<typeof passportSchema>;
export type PassportLog = Passport['logs'][number];

/** With the text that its seal is over. */
export interface ReadPassport {
  readonly passport: Passport;
  readonly sealedText: string;
}

/** @param head first bytes of a file */
export function beginsAsPassport(head: Buffer): boolean {
  return head.subarray(0, beginning.length).toString('latin1') === beginning;
}

export const passportHeadLength = beginning.length;

/** @throws Found `malformed`, `truncated`; AuditError `export-unreadable` */
export async function readPassport(file: string): Promise<ReadPassport> {
  try {
    if ((await stat(file)).size > largest) throw new Found('malformed', 'this is too large for a passport');
    return parsePassport(await readFile(file));
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new AuditError('export-unreadable', `${file}: ${error.message}`, { cause: error });
  }
}

function parsePassport(bytes: Buffer): ReadPassport {
  if (bytes.at(-1) !== 0x0a) throw new Found('truncated', 'the passport has no end');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, -1));
  const json = jsonOf(text);
  // One spelling only: otherwise two files that differ would be the same passport.
  if (json === undefined || !Buffer.from(text).equals(bytes.subarray(0, -1)) || canonicalize(json) !== text)
    throw new Found('malformed', 'this is not one RFC 8785 object');
  const parsed = passportSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Found('malformed', `${issue!.path.join('.') || 'the passport'}: ${issue!.message}`);
  }
  const { seal: _, ...sealed } = json as Record<string, unknown>;
  return { passport: parsed.data, sealedText: canonicalize(sealed)! };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
