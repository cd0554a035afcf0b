/**
 * One line of a bundle: an outbox entry of the sending station, with the harvest that it comes from. The document goes to DPS
 * as it stands, so that the enrollment names the station and the harvest that made it (rule O2). Untrusted.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fromBase64 } from '../audit/base64.ts';
import type { Checkpoint } from '../audit/checkpoint.ts';
import type { KeyChain } from '../audit/key-chain.ts';
import { leafHash } from '../audit/merkle.ts';
import { provesInclusion } from '../audit/merkle-proof.ts';
import { parseEndorsementKeyText } from '../enrollment/endorsement-key-text.ts';
import { isRegistrationId } from '../enrollment/registration-id.ts';
import { operations } from '../outbox/states.ts';
import { canonicalLine, parseCanonical } from './canonical-json.ts';
import { CourierError } from './errors.ts';
import { stationOf } from './manifest.ts';

const label = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u);

const document = z.looseObject({
  registrationId: z.string().refine(isRegistrationId),
  attestation: z.strictObject({
    type: z.literal('tpm'),
    tpm: z.strictObject({ endorsementKey: z.string().max(4000) }),
  }),
  optionalDeviceInformation: z
    .looseObject({
      serial: z.string().optional(),
      stationId: z.string().optional(),
      harvestId: z.string().optional(),
    })
    .optional(),
  provisioningStatus: z.enum(['enabled', 'disabled']).optional(),
});

const entrySchema = z.strictObject({
  entryId: z.uuid(),
  operation: z.enum(operations),
  harvestId: label(100),
  serial: label(128).nullable(),
  product: label(60),
  workOrder: label(60).nullable(),
  ekTemplate: label(40),
  document,
  /** The entry that has to be settled before this one. */
  waitsFor: z.uuid().optional(),
  /** The etag of a foreign enrollment that a supervisor decided to change nevertheless. */
  overEtag: label(200).optional(),
  /** The reason that a person gave, behind what was done (`relabelled as` and a serial is the longest). */
  because: label(400).optional(),
  /** The harvest in the log of the station: its entry as stored, and that it stands in the bundle's checkpoint. */
  evidence: z
    .strictObject({
      index: z.int().min(0),
      entry: z.string().min(2),
      proof: z.array(z.string().max(44)).max(64),
    })
    .optional(),
});

export type BundleEntry = z.infer<typeof entrySchema>;

export interface ReadBundleEntry extends BundleEntry {
  /** Hex. */
  readonly ekSha256: string;
}

/** The log that signed a bundle, up to where the evidence of its entries lies. */
export interface BundleLog {
  readonly stationId: string;
  readonly head: Checkpoint;
}

/** Once for all entries of a bundle. @param checkpoint a signed note @throws CourierError `courier-tampered` */
export function openBundleLog(keys: KeyChain, checkpoint: string): BundleLog {
  const head = keys.openCheckpoint(checkpoint);
  if (!head)
    throw new CourierError('courier-tampered', 'its checkpoint is not one of the log that signed it');
  return { stationId: stationOf(head.origin), head };
}

/** @throws CourierError `courier-malformed`, `courier-too-large` */
export const entryLine = (entry: BundleEntry): string => canonicalLine(entry);

/** @param log the one that signed @throws CourierError `courier-malformed`, `courier-tampered` */
export function readBundleEntry(line: string, number: number, log: BundleLog): ReadBundleEntry {
  const what = `entry ${number}`;
  const bad = (why: string) => new CourierError('courier-malformed', `${what}: ${why}`);
  const parsed = entrySchema.safeParse(parseCanonical(line, what));
  if (!parsed.success) throw bad(`${parsed.error.issues[0]?.path.join('.')} is not as it should be`);
  const entry = parsed.data;
  const key = parseEndorsementKeyText(entry.document.attestation.tpm.endorsementKey);
  if (!key.ok) throw bad(key.detail);
  if (Buffer.from(key.bytes).toString('base64') !== entry.document.attestation.tpm.endorsementKey)
    throw bad('its key has blanks around it');
  const named = entry.document.optionalDeviceInformation?.serial;
  if (named !== undefined && named !== entry.serial) throw bad('its document names another serial');
  const ekSha256 = createHash('sha256').update(key.bytes).digest('hex');
  if (entry.operation === 'create') {
    const from = entry.document.optionalDeviceInformation;
    if (from?.harvestId !== entry.harvestId || from.stationId !== log.stationId)
      throw bad('its document names another harvest or station');
    if (entry.document.provisioningStatus === undefined) throw bad('its document is not whole');
  }
  if (entry.evidence) judgeEvidence(entry, ekSha256, log.head, what);
  return { ...entry, ekSha256 };
}

/** That the log which signed the bundle has this harvest of this key. */
function judgeEvidence(
  { evidence, harvestId }: BundleEntry,
  ekSha256: string,
  { size, rootHash }: Checkpoint,
  what: string,
): void {
  const { index, entry, proof } = evidence!;
  const hashes = proof.map(fromBase64);
  const stands =
    hashes.every(each => each !== undefined) &&
    provesInclusion(leafHash(Buffer.from(entry)), index, size, hashes as Buffer[], rootHash);
  const said = stands
    ? (JSON.parse(entry) as { data?: { harvestId?: unknown; ekSha256?: unknown } }).data
    : undefined;
  if (said?.harvestId !== harvestId || said.ekSha256 !== ekSha256)
    throw new CourierError('courier-tampered', `${what}: the log of the station does not have this harvest`);
}
