/** What a station signs about a bundle, and about a receipt. `README.md` is the format in words. */
import { z } from 'zod';
import { limits } from './limits.ts';
import type { LetterKind } from './parts.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const origin = z.string().regex(/^[^\s+/]{1,100}\/[^\s+/]{1,100}$/u);
const instant = z.iso.datetime({ precision: 3 }).regex(/Z$/);
const count = z.int().min(0);

const common = {
  v: z.literal(1),
  keyline: z.string().min(1).max(40),
  origin,
  madeAt: instant,
  /** Whether something kept the clock in step that `madeAt` was read from (rule O7). */
  clock: z.enum(['synced', 'unsynced']),
  rehearsal: z.boolean(),
  verifierKey: z.string().min(1).max(500),
  rotations: z.array(z.string().min(1).max(4000)).max(60),
  entries: count.max(limits.entries),
  bodyBytes: count.max(limits.bytes),
  bodySha256: digest,
};

const target = z.strictObject({
  host: z.string().min(1).max(260),
  idScope: z.string().min(1).max(64).nullable(),
});

export const bundleManifest = z.strictObject({
  ...common,
  bundleId: z.uuid(),
  /** From 1 on, without gaps, within one log. */
  sequence: z.int().min(1),
  /** The DPS that all entries are for (rule O8). */
  target,
  /**
   * Station id of the receiver that was pinned when it was packed: no other one's receipts count, and what two stations sent
   * one of them might make again after the other had deleted it. Absent where none was pinned.
   */
  receiver: z
    .string()
    .regex(/^[^\s+/]{1,100}$/u)
    .optional(),
  validUntil: instant,
  /** Signed note over the log that the evidence of the entries lies in. */
  checkpoint: z.string().min(1).max(4000),
});

export const receiptManifest = z.strictObject({
  ...common,
  receiptId: z.uuid(),
  /** From 1 on within one bundle: a later receipt knows more. */
  number: z.int().min(1),
  bundle: z.strictObject({ bundleId: z.uuid(), sha256: digest, origin, sequence: z.int().min(1) }),
  target,
});

export const manifestSchemas = { bundle: bundleManifest, receipt: receiptManifest } as const;

export type BundleManifest = z.infer<typeof bundleManifest>;
export type ReceiptManifest = z.infer<typeof receiptManifest>;
export type Manifest<Kind extends LetterKind> = Kind extends 'bundle' ? BundleManifest : ReceiptManifest;

/** Members that come of the body. */
export interface BodyFacts {
  readonly entries: number;
  readonly bodyBytes: number;
  readonly bodySha256: string;
}

/** Station id: the part of an origin that a restored station keeps. */
export const stationOf = (origin: string): string => origin.slice(0, origin.indexOf('/'));
