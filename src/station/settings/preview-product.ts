/**
 * What a product makes of one serial: whether it takes it, and the enrollment that DPS would be sent for it, by the code that
 * makes the outbox's own. The endorsement key is an example of the right form; nothing is recorded.
 */
import { makeEnrollmentDocument } from '../../enrollment/enrollment-document.ts';
import { deriveRegistrationId } from '../../enrollment/registration-id.ts';
import { checkSerial, type SerialRefusalCode } from '../../enrollment/serial.ts';
import type { ProductConfiguration } from '../configuration/configuration.ts';
import { deviceNames } from '../devices/device-names.ts';

export interface ProductPreview {
  readonly serial:
    | { readonly ok: true; readonly serial: string }
    | { readonly ok: false; readonly code: SerialRefusalCode; readonly detail: string };
  /** JSON, indented; absent where the serial or the names that come of it are refused. */
  readonly document?: string;
  /** Why the names are refused. */
  readonly namesDetail?: string;
}

/** TPM2B_PUBLIC of template L-1 (TCG EK Credential Profile 2.6, B.3.3) around a modulus that is nobody's. */
const exampleKey = Buffer.concat([
  Buffer.from(
    '013a0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa00060080004300100800000000000100',
    'hex',
  ),
  Buffer.alloc(256, 0xa5),
]);

/** @param product sound, as `checkConfiguration` gives it */
export function previewProduct(
  product: ProductConfiguration,
  text: string,
  stationId: string,
): ProductPreview {
  const serial = checkSerial(text, product);
  if (!serial.ok) return { serial };
  const names = deviceNames(product, {
    registrationId: deriveRegistrationId(exampleKey),
    serial: serial.serial,
  });
  if (!names.ok) return { serial, namesDetail: names.detail };
  const document = makeEnrollmentDocument({
    product,
    serial: serial.serial,
    stationId,
    harvestId: '00000000-0000-4000-8000-000000000000',
    registrationId: names.registrationId,
    deviceId: names.deviceId,
    endorsementKey: exampleKey.toString('base64'),
  });
  return { serial, document: JSON.stringify(document, null, 2) };
}
