/**
 * Check digits of serials (rule H10), by the schemes that labels use: Luhn (ISO/IEC 7812-1, annex B), Verhoeff, Damm, and the
 * check character systems of ISO/IEC 7064. Computed by cdigit; what is stricter here: a character that the scheme does
 * not know is refused instead of passed over, because it is the mistake that a check digit is there to find. Only
 * hyphens, blanks, dots and slashes may stand between the characters. The check characters come last.
 */
import * as cdigit from 'cdigit';

const DIGITS = /^[0-9]+$/;
const DIGITS_AND_LETTERS = /^[0-9A-Z]+$/;

const schemes = {
  luhn: { algorithm: cdigit.luhn, characters: DIGITS },
  verhoeff: { algorithm: cdigit.verhoeff, characters: DIGITS },
  damm: { algorithm: cdigit.damm, characters: DIGITS },
  'mod-11-2': { algorithm: cdigit.mod11_2, characters: /^[0-9]+X?$/ },
  'mod-37-2': { algorithm: cdigit.mod37_2, characters: /^[0-9A-Z]+\*?$/ },
  'mod-97-10': { algorithm: cdigit.mod97_10, characters: DIGITS },
  'mod-11-10': { algorithm: cdigit.mod11_10, characters: DIGITS },
  'mod-37-36': { algorithm: cdigit.mod37_36, characters: DIGITS_AND_LETTERS },
} as const;

export type CheckDigitScheme = keyof typeof schemes;
export const checkDigitSchemes = Object.keys(schemes) as [CheckDigitScheme, ...CheckDigitScheme[]];

const SEPARATORS = /[- ./]/g;

/** Undefined where the text ends in its right check characters; else why not, in words. */
export function checkDigitFault(text: string, scheme: CheckDigitScheme): string | undefined {
  const { algorithm, characters } = schemes[scheme];
  const bare = text.replaceAll(SEPARATORS, '');
  if (!characters.test(bare)) return `it holds characters that ${scheme} does not know`;
  try {
    return algorithm.validate(bare) ? undefined : `its check digit is not that of ${scheme}`;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `it is too short for ${scheme}`;
  }
}
