/** Who a TPM says it is: fixed properties of TPM2_GetCapability (Part 2, 6.13). Its own word; proves nothing. */
import { cleanText } from './clean-text.ts';
import { TpmError } from './errors.ts';

export interface TpmIdentity {
  /** TPM_PT_MANUFACTURER as eight hex digits, e.g. `49465800`. */
  readonly manufacturerId: string;
  /** The same as text, e.g. `IFX`. */
  readonly manufacturer: string;
  /** TPM_PT_VENDOR_STRING_1..4 joined. */
  readonly vendor: string;
  /** Four numbers with dots, from TPM_PT_FIRMWARE_VERSION_1 and _2. */
  readonly firmware: string;
  /** TPM_PT_FAMILY_INDICATOR, e.g. `2.0`. */
  readonly family: string;
  /** TPM_PT_REVISION as the specification writes it, e.g. `1.38`. */
  readonly revision: string;
}

/** TPM_PT numbers that Keyline reads. */
export const TPM_PT = {
  FAMILY_INDICATOR: 0x100,
  LEVEL: 0x101,
  REVISION: 0x102,
  MANUFACTURER: 0x105,
  VENDOR_STRING_1: 0x106,
  FIRMWARE_VERSION_1: 0x10b,
  FIRMWARE_VERSION_2: 0x10c,
  NV_BUFFER_MAX: 0x12c,
  PERMANENT: 0x200,
  STARTUP_CLEAR: 0x201,
  LOCKOUT_COUNTER: 0x20e,
  MAX_AUTH_FAIL: 0x20f,
} as const;

/** @param properties the fixed group, from TPM_PT 0x100 on. Throws TpmError `answer-malformed` without a maker. */
export function readTpmIdentity(properties: ReadonlyMap<number, number>): TpmIdentity {
  const manufacturer = properties.get(TPM_PT.MANUFACTURER);
  const family = properties.get(TPM_PT.FAMILY_INDICATOR);
  if (manufacturer === undefined || family === undefined) {
    throw new TpmError('answer-malformed', 'the TPM names neither its maker nor its family');
  }
  const vendor = [0, 1, 2, 3].map(i => fourCharacters(properties.get(TPM_PT.VENDOR_STRING_1 + i) ?? 0));
  const revision = properties.get(TPM_PT.REVISION) ?? 0;
  const firmware = [TPM_PT.FIRMWARE_VERSION_1, TPM_PT.FIRMWARE_VERSION_2].flatMap(property => {
    const word = properties.get(property) ?? 0;
    return [word >>> 16, word & 0xffff];
  });
  return {
    manufacturerId: manufacturer.toString(16).toUpperCase().padStart(8, '0'),
    manufacturer: cleanText(fourCharacters(manufacturer)),
    vendor: cleanText(vendor.join('')),
    firmware: firmware.join('.'),
    family: cleanText(fourCharacters(family)),
    revision: `${Math.floor(revision / 100)}.${String(revision % 100).padStart(2, '0')}`,
  };
}

/** NULs end or fill the text. */
function fourCharacters(word: number): string {
  const characters = [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff];
  return String.fromCharCode(...characters.filter(character => character !== 0));
}
