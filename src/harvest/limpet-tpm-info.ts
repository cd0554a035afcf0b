/**
 * A TPM report in the XML of Limpet's `-GTI` (ms-iot/azure-client-tools), for scripts that parse it: same elements, same
 * order, two-space indent. What only Windows on the device itself can know is said as Limpet says it: TpmType `Unknown`,
 * TcgLogSize an empty element.
 */
import type { TpmIdentity } from '../tpm/tpm-identity.ts';

/** What of a TpmReport goes into it. */
export interface LimpetTpmInfo {
  readonly tpm: TpmIdentity & { readonly level: number };
  /** Whether a password is set. */
  readonly authorization: {
    readonly owner: boolean;
    readonly endorsement: boolean;
    readonly lockout: boolean;
    readonly disableClear: boolean;
  };
  readonly lockout: { readonly locked: boolean };
  readonly algorithms: readonly string[];
}

export function formatTpmReportAsLimpet(report: LimpetTpmInfo): string {
  const { tpm, authorization, lockout, algorithms } = report;
  const auth = (set: boolean) => (set ? 'Unavailable' : 'NotSet');
  const elements: readonly (readonly [string, string])[] = [
    ['TpmType', 'Unknown'],
    ['TpmFamily', tpm.family],
    ['TpmLevel', String(tpm.level)],
    ['TpmRevision', tpm.revision.split('.').map(Number).join('.')],
    ['TpmManufacturer', tpm.manufacturer],
    ['TpmVendorString', tpm.vendor],
    ['TpmFirmware', firmwareOf(tpm.manufacturer, tpm.firmware)],
    ['LockoutAuth', auth(authorization.lockout)],
    ['EndorsementAuth', auth(authorization.endorsement)],
    ['StorageAuth', auth(authorization.owner)],
    ['DisableClear', String(authorization.disableClear)],
    ['InLockout', String(lockout.locked)],
    ['RSA', String(algorithms.includes('RSA'))],
    ['HMAC', String(algorithms.includes('HMAC'))],
    ['AES', String(algorithms.includes('AES'))],
    ['ECC', String(algorithms.includes('ECC'))],
    ['TcgLogSize', ''],
  ];
  const lines = elements.map(
    ([name, text]) => `  ${text === '' ? `<${name}/>` : `<${name}>${escapeXml(text)}</${name}>`}`,
  );
  return ['<?xml version="1.0" encoding="utf-8"?>', '<TpmInfo>', ...lines, '</TpmInfo>', ''].join('\n');
}

/** Infineon packs its second word otherwise than others: `minor build` in the middle, certification in the low byte. */
function firmwareOf(manufacturer: string, firmware: string): string {
  if (manufacturer !== 'IFX') return firmware;
  const [high, low, third = 0, fourth = 0] = firmware.split('.').map(Number);
  const word = third * 0x10000 + fourth;
  return `${high}.${low}.${(word >>> 8) & 0xffff}${(word & 0xff) === 0 ? '-CC' : ''}`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '');
}
