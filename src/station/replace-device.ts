/**
 * A board swap (rule H6): the serial stays and another TPM answers. The harvest that was refused for it is the evidence; a
 * supervisor decides that it counts. The old device retires, its enrollment is deleted, and only then the new one is
 * created, also where a template makes both registration ids equal.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DeviceRow, HarvestRow } from '../../db/rows.ts';
import { type Act, allowed } from './act.ts';
import { addDevice } from './add-device.ts';
import { deviceByName } from './device-by-name.ts';
import { deviceNames } from './device-names.ts';
import { StationError } from './errors.ts';
import { productOf } from './load-configuration.ts';
import type { StationCore } from './open-core.ts';
import { writeDown } from './request-entry.ts';
import { retire } from './retire-device.ts';

export interface ReplaceRequest {
  /** Device id, registration id or serial of the device that is there. */
  readonly device: string;
  /** The refused harvest of the new board; absent: the newest one of this serial. */
  readonly harvestId?: string | undefined;
}

export interface ReplacedDevice {
  readonly retiredDeviceId: string;
  readonly deviceId: string;
  readonly serial: string;
  readonly registrationId: string;
  /** The entry that deletes the old enrollment; null where DPS never had it. */
  readonly deleteEntry: string | null;
  readonly createEntry: string;
}

/** Verdict codes that say: this serial, and another key than the ledger has for it. */
const otherKey: ReadonlySet<string> = new Set(['other-tpm', 'same-tpm-other-key', 'serial-has-other-key']);

/** What `recordAttempt` keeps of a run that read a key. */
const readEvidence = z.looseObject({
  key: z.looseObject({
    endorsementKey: z.base64(),
    ekSha256: z.string(),
    registrationId: z.string(),
    ekTemplate: z.string(),
  }),
  certificate: z.looseObject({ status: z.string(), der: z.base64().optional() }).optional(),
});

/**
 * A supervisor's act.
 * @throws StationError `harvest-unfit` with the reason; and those of `deviceByName`
 */
export function replaceDevice(core: StationCore, request: ReplaceRequest, act: Act): ReplacedDevice {
  return core.ledger.transaction(() => {
    const by = allowed(core, 'replace-device', act);
    const old = deviceByName(core, request.device);
    const harvest = refusedHarvest(core, old, request.harvestId);
    const evidence = evidenceOf(harvest);
    const product = productOf(core.configuration, old.product);
    const named = deviceNames(product, { registrationId: evidence.key.registrationId, serial: old.serial });
    if (!named.ok) throw unfit(named.detail);
    const holder = core.ledger.devices.byEkSha256(evidence.key.ekSha256);
    if (holder) throw unfit(`its key is that of ${holder.serial ?? holder.device_id}, which is in service`);
    const namesake = core.ledger.devices.byRegistrationId(named.registrationId);
    if (namesake && namesake.device_id !== old.device_id)
      throw unfit(`its registration id is that of ${namesake.serial ?? namesake.device_id}`);
    const deletion = retire(core, old, { ...by, reason: `replaced: ${by.reason}` });
    const { device, entry } = addDevice(core, {
      harvestId: harvest.harvest_id,
      origin: harvest.origin,
      serial: old.serial,
      product,
      workOrder: harvest.work_order ?? old.work_order,
      registrationId: named.registrationId,
      dpsDeviceId: named.deviceId,
      key: evidence.key,
      certificate: evidence.certificate && {
        status: evidence.certificate.status,
        ...(evidence.certificate.der === undefined ? {} : { der: evidence.certificate.der }),
      },
      predecessorId: old.device_id,
      because: by.reason,
      after: deletion?.entry_id,
    });
    writeDown(core, entry, by, {
      change: 'requested',
      replaces: { registrationId: old.registration_id, harvestId: old.harvest_id },
    });
    return {
      retiredDeviceId: old.device_id,
      deviceId: device.device_id,
      serial: old.serial!,
      registrationId: device.registration_id,
      deleteEntry: deletion?.entry_id ?? null,
      createEntry: entry.entry_id,
    };
  });
}

function refusedHarvest({ ledger }: StationCore, old: DeviceRow, harvestId: string | undefined): HarvestRow {
  const fits = (row: HarvestRow) =>
    old.serial !== null &&
    row.serial === old.serial &&
    row.product === old.product &&
    row.verdict === 'refused' &&
    otherKey.has(row.code);
  if (harvestId === undefined) {
    const newest = old.serial === null ? undefined : ledger.harvests.ofSerial(old.serial).find(fits);
    if (newest) return newest;
    throw unfit('no harvest of this serial was refused because of another key');
  }
  const named = ledger.harvests.get(harvestId);
  if (named && fits(named)) return named;
  throw unfit(
    named
      ? `it is of ${named.serial ?? 'no serial'} (product ${named.product}) and ended in ${named.code}`
      : 'there is no such harvest',
  );
}

function evidenceOf(harvest: HarvestRow): z.infer<typeof readEvidence> {
  const read = readEvidence.safeParse(JSON.parse(harvest.evidence));
  if (!read.success) throw unfit('it holds no whole key');
  const { endorsementKey, ekSha256 } = read.data.key;
  const digest = createHash('sha256').update(Buffer.from(endorsementKey, 'base64')).digest('hex');
  if (digest !== ekSha256 || digest !== harvest.ek_sha256) throw unfit('its key is damaged');
  return read.data;
}

function unfit(why: string): StationError {
  return new StationError('harvest-unfit', why);
}
