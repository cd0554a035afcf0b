/** A device's passport as a file from anywhere: one RFC 8785 object, a line feed, and nothing else. */
import { z } from 'zod';
import { base64, readSealedObject, type SealedObject } from './sealed-object.ts';

/** Bytes; a device with thousands of attempts stays well below. */
const largest = 64 * 1024 * 1024;
/** RFC 8785 sorts members by name, so every passport begins so. */
const beginning = '{"certificates":[';

const moment = z.iso.datetime({ precision: 3 });
const hex = z.string().regex(/^[0-9a-f]{64}$/);
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

/** @param head first bytes of a file */
export function beginsAsPassport(head: Buffer): boolean {
  return head.subarray(0, beginning.length).toString('latin1') === beginning;
}

/** @throws Found `malformed`, `truncated`; AuditError `export-unreadable` */
export function readPassport(file: string): Promise<SealedObject<Passport>> {
  return readSealedObject(file, passportSchema, largest);
}
