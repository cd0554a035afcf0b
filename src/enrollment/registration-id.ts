/**
 * The names of a device in DPS and IoT Hub (rule H3): derived, never typed. The default registration id is the one
 * that Microsoft's device SDKs and tools derive from the key themselves: base32 (RFC 4648, lower case, no padding) of
 * SHA-256 over the whole TPM2B_PUBLIC, size included; a device that is given no id will use exactly this. A product may
 * have a template instead. DPS compares registration ids without regard to case, so a template's result is lower-cased;
 * what the service would refuse (length, characters, ends) is refused here.
 */
import { hash } from 'node:crypto';
import { base32nopad } from '@scure/base';

export type RegistrationId =
  | { readonly ok: true; readonly registrationId: string }
  | { readonly ok: false; readonly detail: string };

export type DeviceId =
  | { readonly ok: true; readonly deviceId: string }
  | { readonly ok: false; readonly detail: string };

/** What templates may name: the derived registration id and the device's serial. */
export interface TemplateValues {
  readonly registrationId: string;
  readonly serial: string;
}

/** 52 characters of `[a-z2-7]`. @param endorsementKey marshalled TPM2B_PUBLIC with its size. */
export function deriveRegistrationId(endorsementKey: Uint8Array): string {
  return base32nopad.encode(hash('sha256', endorsementKey, 'buffer')).toLowerCase();
}

/** @param template text with `{registrationId}` and `{serial}`. */
export function fillRegistrationId(template: string, values: TemplateValues): RegistrationId {
  const filled = fillTemplate(template, values);
  if (!filled.ok) return filled;
  const registrationId = filled.text.toLowerCase();
  if (isRegistrationId(registrationId)) return { ok: true, registrationId };
  return { ok: false, detail: `DPS takes no registration id like "${filled.text.slice(0, 130)}"` };
}

/** The device id of a product's template, whose case IoT Hub keeps. */
export function fillDeviceId(template: string, values: TemplateValues): DeviceId {
  const filled = fillTemplate(template, values);
  if (!filled.ok) return filled;
  if (/^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/.test(filled.text)) return { ok: true, deviceId: filled.text };
  return { ok: false, detail: `IoT Hub takes no device id like "${filled.text.slice(0, 130)}"` };
}

/** 1 to 128 of lower-case letters, digits and `- . _ :`, a letter or digit at both ends: what every DPS takes. */
export function isRegistrationId(text: string): boolean {
  return /^[a-z0-9]([a-z0-9._:-]{0,126}[a-z0-9])?$/.test(text);
}

type Filled = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly detail: string };

function fillTemplate(template: string, values: TemplateValues): Filled {
  const names = new Set(Array.from(template.matchAll(/\{([^{}]*)\}/g), match => match[1]!));
  const unknown = [...names].filter(name => name !== 'registrationId' && name !== 'serial');
  if (unknown.length > 0) return { ok: false, detail: `the template knows no {${unknown[0]}}` };
  if (names.size === 0) {
    return {
      ok: false,
      detail: 'the template names neither {registrationId} nor {serial}: all devices would be one',
    };
  }
  const fill = (_: string, name: string) => (name === 'serial' ? values.serial : values.registrationId);
  return { ok: true, text: template.replace(/\{(registrationId|serial)\}/g, fill) };
}
