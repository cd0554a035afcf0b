/** The names a product gives a device in DPS: the registration id and, where its template says so, the device id (rule H3). */
import { fillDeviceId, fillRegistrationId } from '../../enrollment/registration-id.ts';
import type { ProductConfiguration } from '../configuration/configuration.ts';

export type DeviceNames =
  | { readonly ok: true; readonly registrationId: string; readonly deviceId?: string }
  | { readonly ok: false; readonly detail: string };

/** @param of.registrationId the one derived from the key; `of.serial` null where an import named none */
export function deviceNames(
  product: Pick<ProductConfiguration, 'registrationId' | 'deviceId'>,
  of: { readonly registrationId: string; readonly serial: string | null },
): DeviceNames {
  const templates = [product.registrationId, product.deviceId];
  if (of.serial === null && templates.some(template => template?.includes('{serial}')))
    return { ok: false, detail: 'the product makes its ids of the serial, and there is none' };
  const values = { registrationId: of.registrationId, serial: of.serial ?? '' };
  const registration =
    product.registrationId === undefined
      ? { ok: true as const, registrationId: of.registrationId }
      : fillRegistrationId(product.registrationId, values);
  if (!registration.ok) return registration;
  if (product.deviceId === undefined) return registration;
  const device = fillDeviceId(product.deviceId, values);
  return device.ok ? { ...registration, deviceId: device.deviceId } : device;
}
