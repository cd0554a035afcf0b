/** What an audit entry says an outbox entry is about, so that a work order's export shows what became of its devices. */
import type { OutboxRow } from '../../../db/rows.ts';
import type { StationCore } from '../open-core.ts';

export function enrollmentSubject(core: StationCore, row: OutboxRow) {
  const device = core.ledger.devices.labelsOf(row.device_id);
  return {
    entryId: row.entry_id,
    registrationId: row.registration_id,
    harvestId: row.harvest_id,
    ...(row.operation === 'create' ? {} : { operation: row.operation }),
    ...(device?.serial ? { serial: device.serial } : {}),
    ...(device?.work_order ? { workOrder: device.work_order } : {}),
  };
}
