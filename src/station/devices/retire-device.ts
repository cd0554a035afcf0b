/** A device leaves service: its enrollment ends, its row and history stay, and its serial and key are free again (rule O4). */
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import { type Act, type AllowedAct, allowed } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import { endEnrollment, writeDown } from '../queue/request-entry.ts';
import { deviceByName } from './device-by-name.ts';

export interface RetiredDevice {
  readonly deviceId: string;
  readonly registrationId: string;
  readonly serial: string | null;
  /** The entry that deletes its enrollment; null where DPS never had one of it. */
  readonly deleteEntry: string | null;
}

/** A supervisor's act. @param name device id, registration id or serial @param act its reason is `scrap`, `rma` or another */
export function deleteDevice(core: StationCore, name: string, act: Act): RetiredDevice {
  return core.ledger.transaction(() => {
    const by = allowed(core, 'delete-device', act);
    const device = deviceByName(core, name);
    return {
      deviceId: device.device_id,
      registrationId: device.registration_id,
      serial: device.serial,
      deleteEntry: retire(core, device, by)?.entry_id ?? null,
    };
  });
}

/** Inside a transaction. @returns the delete of its enrollment, where there is one to delete */
export function retire(core: StationCore, device: DeviceRow, by: AllowedAct): OutboxRow | undefined {
  const deletion = endEnrollment(core, device, by);
  core.ledger.devices.retire(device.device_id, core.clock.read().at, by.reason);
  const last = core.ledger.outbox.ofDevice(device.device_id).at(-1);
  if (last) writeDown(core, last, by, { change: 'retired', retired: by.reason });
  return deletion;
}
