/**
 * Brings enrollments to what their product's template says today: twin, policies, hubs, capabilities, device id. What the
 * template no longer names is unset where Keyline had set it; what others set in DPS stays.
 */
import { isDeepStrictEqual } from 'node:util';
import type { DeviceRow } from '../../../db/rows.ts';
import { templateMembers } from '../../enrollment/enrollment-document.ts';
import { deriveRegistrationId } from '../../enrollment/registration-id.ts';
import { changedMembers, type EnrollmentChange } from '../../outbox/enrollment-change.ts';
import { type Act, type AllowedAct, openAct } from '../act.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { isEnrolledOrWillBe, requestChange } from '../queue/request-entry.ts';
import { deviceByName } from './device-by-name.ts';
import { deviceNames } from './device-names.ts';

export interface UpdateReport {
  /** Entries that were queued. */
  readonly requested: number;
  /** Devices whose enrollment is as the template says, or will be by what is queued. */
  readonly unchanged: number;
  /** Devices without an enrollment: their create was cancelled. */
  readonly notEnrolled: number;
}

/** Devices written in one transaction: short enough that a harvest need not wait for it. */
const DEVICES_AT_ONCE = 200;

type Members = Partial<Record<(typeof changedMembers)[number], unknown>>;

/** @param names device ids, registration ids or serials; all or nothing */
export function updateDevices(core: StationCore, names: readonly string[], act: Act): UpdateReport {
  return core.ledger.transaction(() => {
    const by = openAct(core, act);
    const devices = new Map(names.map(name => deviceByName(core, name)).map(row => [row.device_id, row]));
    return reportOf([...devices.values()].map(device => updateOne(core, device, by)));
  });
}

/** Every device in force of the product, page by page. */
export function updateProduct(core: StationCore, productName: string, act: Act): UpdateReport {
  const product = productOf(core.configuration, productName);
  const outcomes: Outcome[] = [];
  for (let after: string | undefined; ; ) {
    const page = core.ledger.devices.oldest(DEVICES_AT_ONCE, after);
    after = page.at(-1)?.device_id;
    if (after === undefined) return reportOf(outcomes);
    core.ledger.transaction(() => {
      const by = openAct(core, act);
      for (const { device_id } of page) {
        const device = core.ledger.devices.get(device_id)!;
        if (device.product === product.name && device.retired_at === null)
          outcomes.push(updateOne(core, device, by));
      }
    });
  }
}

type Outcome = keyof UpdateReport;

function reportOf(outcomes: readonly Outcome[]): UpdateReport {
  const count = (outcome: Outcome) => outcomes.filter(each => each === outcome).length;
  return {
    requested: count('requested'),
    unchanged: count('unchanged'),
    notEnrolled: count('notEnrolled'),
  };
}

function updateOne(core: StationCore, device: DeviceRow, by: AllowedAct): Outcome {
  if (!isEnrolledOrWillBe(core, device)) return 'notEnrolled';
  const change = differences(wantedOf(core, device), lastWanted(core, device));
  if (Object.keys(change).length === 0) return 'unchanged';
  requestChange(core, device, 'update', change, by);
  return 'requested';
}

/** What the product's template says of this device today. */
function wantedOf(core: StationCore, device: DeviceRow): Members {
  const product = productOf(core.configuration, device.product);
  const registrationId = deriveRegistrationId(device.endorsement_key);
  const named = deviceNames(product, { registrationId, serial: device.serial });
  if (!named.ok) throw new StationError('device-names', `${device.device_id}: ${named.detail}`);
  return {
    ...templateMembers(product),
    ...(named.deviceId === undefined ? {} : { deviceId: named.deviceId }),
    // Named by a harvest after an import without one.
    ...(device.serial === null ? {} : { optionalDeviceInformation: { serial: device.serial } }),
  };
}

/** What its entries asked of DPS so far, the later over the earlier; those that DPS did not take do not count. */
function lastWanted(core: StationCore, device: DeviceRow): Members {
  const members: Record<string, unknown> = {};
  for (const row of core.ledger.outbox.ofDevice(device.device_id)) {
    if (!['queued', 'sending', 'enrolled'].includes(row.state)) continue;
    const document = JSON.parse(row.document) as Members;
    for (const member of changedMembers) {
      if (member === 'provisioningStatus' || document[member] === undefined) continue;
      members[member] = document[member] ?? undefined;
    }
  }
  const { serial } = (members.optionalDeviceInformation ?? {}) as { serial?: unknown };
  const { optionalDeviceInformation: _, ...rest } = members;
  return serial === undefined ? rest : { ...rest, optionalDeviceInformation: { serial } };
}

function differences(
  wanted: Members,
  last: Members,
): Omit<EnrollmentChange, 'registrationId' | 'attestation'> {
  const change: Record<string, unknown> = {};
  for (const member of changedMembers) {
    if (isDeepStrictEqual(wanted[member], last[member])) continue;
    if (member === 'optionalDeviceInformation' && wanted[member] === undefined) continue;
    change[member] = wanted[member] ?? null;
  }
  return change;
}
