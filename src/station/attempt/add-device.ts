/**
 * A new device and its first entry in the outbox, from a key that was read or imported. Call inside the transaction that
 * also writes the evidence for it (rule O1).
 */
import { randomUUID } from 'node:crypto';
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import type { EnrollmentDocument } from '../../dps/service.ts';
import { makeEnrollmentDocument } from '../../enrollment/enrollment-document.ts';
import type { ProductConfiguration } from '../configuration/configuration.ts';
import type { StationCore } from '../open-core.ts';
import { queueEntry } from '../queue/queue-entry.ts';

export interface NewDevice {
  readonly harvestId: string;
  readonly origin: DeviceRow['origin'];
  readonly serial: string | null;
  readonly product: ProductConfiguration;
  readonly workOrder: string | null;
  readonly registrationId: string;
  /** `deviceId` of the enrollment document, where the product's template gives one. */
  readonly dpsDeviceId?: string | undefined;
  readonly key: {
    /** Base64 of TPM2B_PUBLIC. */
    readonly endorsementKey: string;
    readonly ekSha256: string;
    readonly ekTemplate: string;
  };
  readonly certificate?:
    | { readonly status: string; readonly der?: string; readonly rule?: string; readonly detail?: string }
    | undefined;
  /** The device whose place it takes; absent: the last retired one of this key or this serial, if any. */
  readonly predecessorId?: string;
  readonly because?: string;
  /** The enrollment as another station made it; absent: by the product. */
  readonly document?: EnrollmentDocument | undefined;
  /** The entry that ends the enrollment of the device before. */
  readonly after?: string | undefined;
}

export function addDevice(core: StationCore, wishes: NewDevice): { device: DeviceRow; entry: OutboxRow } {
  const { product, key, serial } = wishes;
  const device: DeviceRow = {
    device_id: randomUUID(),
    serial,
    product: product.name,
    work_order: wishes.workOrder,
    origin: wishes.origin,
    registration_id: wishes.registrationId,
    ek_sha256: key.ekSha256,
    endorsement_key: Buffer.from(key.endorsementKey, 'base64'),
    ek_template: key.ekTemplate,
    ...certificateColumns(product, wishes.certificate),
    harvest_id: wishes.harvestId,
    created_at: core.clock.read().at,
    predecessor_id: wishes.predecessorId ?? lastRetired(core, wishes)?.device_id ?? null,
    retired_at: null,
    retired_reason: null,
  };
  core.ledger.devices.insert(device);
  const document =
    wishes.document ??
    makeEnrollmentDocument({
      product,
      serial: serial ?? undefined,
      stationId: core.identity.stationId,
      harvestId: wishes.harvestId,
      registrationId: wishes.registrationId,
      deviceId: wishes.dpsDeviceId,
      endorsementKey: key.endorsementKey,
    });
  const entry = queueEntry(core, {
    device,
    operation: 'create',
    document,
    ...(wishes.because === undefined ? {} : { because: wishes.because }),
    ...(wishes.after === undefined ? {} : { after: wishes.after }),
  });
  return { device, entry };
}

export function certificateColumns(product: ProductConfiguration, certificate: NewDevice['certificate']) {
  const status = certificate?.status ?? 'unchecked';
  const inDebt = product.certificate !== 'off' && status !== 'verified';
  return {
    certificate_status: status,
    certificate: certificate?.der === undefined ? null : Buffer.from(certificate.der, 'base64'),
    certificate_debt: inDebt ? 1 : 0,
    certificate_detail: status === 'verified' ? null : detailOf(certificate),
  } as const;
}

/** A rule is part of the words but where these say it. */
function detailOf(certificate: NewDevice['certificate']): string | null {
  const { status, rule, detail } = certificate ?? {};
  return rule === undefined || status === 'revoked' ? (detail ?? null) : `${rule}: ${detail}`;
}

/** The device that this key was before it left service, else the one that had this serial. */
export function lastRetired(
  { ledger }: StationCore,
  wishes: Pick<NewDevice, 'key' | 'serial' | 'product'>,
): DeviceRow | undefined {
  const { key, serial, product } = wishes;
  return (
    ledger.devices.lastRetiredByEkSha256(key.ekSha256) ??
    (serial === null ? undefined : ledger.devices.lastRetiredBySerial(serial, product.name))
  );
}
