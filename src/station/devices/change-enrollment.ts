/** Disabling and enabling a device's enrollment, through the outbox: also offline, in order, with the reason on record. */
import type { OutboxRow } from '../../../db/rows.ts';
import { makeEnrollmentDocument } from '../../enrollment/enrollment-document.ts';
import { deriveRegistrationId } from '../../enrollment/registration-id.ts';
import { type Act, allowed } from '../act.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { harvestingStation } from '../courier/harvesting-station.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { queueEntry } from '../queue/queue-entry.ts';
import { isEnrolledOrWillBe, requestChange, writeDown } from '../queue/request-entry.ts';
import { deviceByName } from './device-by-name.ts';
import { deviceNames } from './device-names.ts';

/** A supervisor's act. @param name device id, registration id or serial */
export function disableEnrollment(core: StationCore, name: string, act: Act): OutboxRow {
  return core.ledger.transaction(() => {
    const by = allowed(core, 'switch-enrollment', act);
    const device = deviceByName(core, name);
    if (!isEnrolledOrWillBe(core, device)) throw new StationError('not-enrolled', device.device_id);
    return requestChange(core, device, 'disable', { provisioningStatus: 'disabled' }, by);
  });
}

/** A device whose create was cancelled is created anew. @param name device id, registration id or serial */
export function enableEnrollment(core: StationCore, name: string, act: Act): OutboxRow {
  return core.ledger.transaction(() => {
    const by = allowed(core, 'switch-enrollment', act);
    const device = deviceByName(core, name);
    if (isEnrolledOrWillBe(core, device))
      return requestChange(core, device, 'enable', { provisioningStatus: 'enabled' }, by);
    const product = productOf(core.configuration, device.product);
    const registrationId = deriveRegistrationId(device.endorsement_key);
    const named = deviceNames(product, { registrationId, serial: device.serial });
    const document = makeEnrollmentDocument({
      product,
      serial: device.serial ?? undefined,
      stationId: harvestingStation(core, device.harvest_id),
      harvestId: device.harvest_id,
      registrationId: device.registration_id,
      deviceId: named.ok ? named.deviceId : undefined,
      endorsementKey: device.endorsement_key.toString('base64'),
    });
    const entry = queueEntry(core, { device, operation: 'create', document, because: by.reason });
    writeDown(core, entry, by, { change: 'requested' });
    return entry;
  });
}
