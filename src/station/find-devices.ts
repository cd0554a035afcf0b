/** Search of the ledger: the beginning of a serial, registration id, EK digest, device id or work order. */
import type { StationCore } from './open-core.ts';

export interface FoundDevice {
  readonly deviceId: string;
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly origin: 'harvested' | 'imported';
  readonly registrationId: string;
  readonly ekSha256: string;
  readonly certificate: string;
  /** State of its newest outbox entry. */
  readonly enrollment: string | null;
  /** Why it left service; null while it is in force. */
  readonly retired: string | null;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

export function findDevices(core: StationCore, query: string, limit: number): FoundDevice[] {
  return core.ledger.devices.find(query.trim(), limit).map(row => ({
    deviceId: row.device_id,
    serial: row.serial,
    product: row.product,
    workOrder: row.work_order,
    origin: row.origin,
    registrationId: row.registration_id,
    ekSha256: row.ek_sha256,
    certificate: row.certificate_status,
    enrollment: core.ledger.outbox.ofDevice(row.device_id).at(-1)?.state ?? null,
    retired: row.retired_reason,
    recordedAt: row.created_at,
  }));
}
