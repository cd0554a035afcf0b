/**
 * An attempt that a supervisor may overrule: refused as a duplicate and for nothing else, whole evidence, and the ledger
 * still says what it said then. Nothing else of the verdict can be overruled: what rules H7, H8 and H9 refuse never comes here,
 * and a policy that became stricter since holds. Read in the transaction of the act, and for the screen before it.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DeviceRow, HarvestRow } from '../../../db/rows.ts';
import { decideDuplicate } from '../attempt/decide-duplicate.ts';
import { knownDevice } from '../attempt/judge-attempt.ts';
import type { ProductConfiguration } from '../configuration/configuration.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { quoteText } from '../quote-text.ts';
import { type Overruling, overrulingOf } from './overruling.ts';

/** What `recordAttempt` keeps of a run that read a key; all else of it is taken over as it is. */
const readEvidence = z.looseObject({
  key: z.looseObject({
    endorsementKey: z.base64(),
    ekSha256: z.string(),
    registrationId: z.string(),
    ekTemplate: z.string(),
  }),
  possession: z.string().optional(),
  warnings: z.array(z.string()),
  certificate: z.looseObject({ status: z.string(), der: z.base64().optional() }).optional(),
  recordedKey: z.looseObject({ ekSha256: z.string() }).optional(),
});

export type ReadEvidence = z.infer<typeof readEvidence>;

export interface RefusedAttempt {
  readonly row: HarvestRow;
  readonly serial: string;
  readonly evidence: ReadEvidence;
  readonly product: ProductConfiguration;
  readonly overruling: Overruling;
  /** The device in service that the attempt was refused for. */
  readonly device: DeviceRow;
}

/** @throws StationError `harvest-unknown`, `harvest-unfit`, `harvest-outdated` */
export function refusedAttempt(core: StationCore, harvestId: string): RefusedAttempt {
  const row = core.ledger.harvests.get(harvestId);
  if (!row) throw new StationError('harvest-unknown', `there is no harvest ${quoteText(harvestId, 64)}`);
  const overruling = row.verdict === 'refused' ? overrulingOf(row.code) : undefined;
  if (!overruling || row.serial === null)
    throw unfit(`it is of ${row.serial ?? 'no serial'} (product ${row.product}) and ended in ${row.code}`);
  const evidence = evidenceOf(row);
  const product = productOf(core.configuration, row.product);
  holdsOtherwise(row, evidence, product);
  const device = stillRefusedFor(core, row, evidence, overruling);
  isNewest(core, row, evidence.key.ekSha256);
  return { row, serial: row.serial, evidence, product, overruling, device };
}

function evidenceOf(row: HarvestRow): ReadEvidence {
  const read = readEvidence.safeParse(JSON.parse(row.evidence));
  if (!read.success) throw unfit('it holds no whole key');
  const { endorsementKey, ekSha256 } = read.data.key;
  const digest = createHash('sha256').update(Buffer.from(endorsementKey, 'base64')).digest('hex');
  if (digest !== ekSha256 || digest !== row.ek_sha256) throw unfit('its key is damaged');
  return read.data;
}

/** An import proves no possession and is held to what imports are held to. */
function holdsOtherwise(row: HarvestRow, evidence: ReadEvidence, product: ProductConfiguration): void {
  const mustProve = row.origin === 'harvested' && product.possession !== 'off';
  if (mustProve && evidence.possession !== 'proved')
    throw unfit('its TPM did not prove that it holds the key');
  const status = evidence.certificate?.status ?? 'absent';
  if (product.certificate === 'require' && status !== 'verified')
    throw unfit(`its certificate is ${status}, and product ${product.name} requires a verified one`);
}

function stillRefusedFor(
  core: StationCore,
  row: HarvestRow,
  { key, recordedKey }: ReadEvidence,
  overruling: Overruling,
): DeviceRow {
  const { devices } = core.ledger;
  const now = decideDuplicate(
    { serial: row.serial, product: row.product, ekSha256: key.ekSha256 },
    knownDevice(devices.byEkSha256(key.ekSha256)),
    knownDevice(devices.bySerial(row.serial!, row.product)),
  );
  if (now.kind !== 'refused' || overrulingOf(now.code) !== overruling)
    throw outdated('the ledger now says something else of this serial and this key');
  const device = devices.get(now.other.deviceId)!;
  if (overruling === 'accept' && recordedKey && recordedKey.ekSha256 !== device.ek_sha256)
    throw outdated('the serial has another key now than the one that was looked for');
  return device;
}

/** A later attempt that came to something else knows more of this unit; one that failed knows nothing. */
function isNewest({ ledger }: StationCore, row: HarvestRow, ekSha256: string): void {
  const lines = [
    ledger.harvests.ofSerial(row.serial!).filter(({ product }) => product === row.product),
    ledger.harvests.ofEk(ekSha256),
  ];
  for (const newestFirst of lines) {
    const place = newestFirst.findIndex(({ harvest_id }) => harvest_id === row.harvest_id);
    const later = place < 0 ? newestFirst : newestFirst.slice(0, place);
    const other = later.find(
      each =>
        each.verdict !== 'failed' &&
        (each.serial !== row.serial || each.ek_sha256 !== ekSha256 || each.code !== row.code),
    );
    if (other || place < 0)
      throw outdated(`harvest ${(other ?? newestFirst[0])?.harvest_id} came after it and ended otherwise`);
  }
}

export function unfit(why: string): StationError {
  return new StationError('harvest-unfit', why);
}

export function outdated(why: string): StationError {
  return new StationError('harvest-outdated', why);
}
