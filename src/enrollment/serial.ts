/**
 * A device's serial as scanned or typed. White space at both ends is cut (scanners end a scan with CR, LF or tab); the
 * rest is Unicode NFC, so that what looks the same is the same, 1 to 128 characters, none of which is invisible or
 * turns text around. A product's pattern must fit the whole serial, and its check digit covers the pattern's named group
 * `checked`, or else the whole serial (rule H10). Patterns are an engineer's text and may be broken
 * or take exponential time on a hostile serial: they run in a context of their own with a time limit.
 */
import { createContext, runInContext } from 'node:vm';
import { type CheckDigitScheme, checkDigitFault } from './check-digit.ts';

export type SerialRefusalCode =
  | 'serial-missing'
  | 'serial-too-long'
  | 'serial-characters'
  | 'serial-pattern'
  | 'serial-check-digit';

/** What a product asks of its serials. */
export interface SerialRules {
  readonly serialPattern?: string | undefined;
  readonly checkDigit?: CheckDigitScheme | undefined;
}

export type SerialCheck =
  | { readonly ok: true; readonly serial: string }
  | { readonly ok: false; readonly code: SerialRefusalCode; readonly detail: string };

export const MAX_SERIAL_CHARACTERS = 128;
const PATTERN_DEADLINE_MS = 100;
/** UTF-16 units; a scan with its prefix and suffix is never longer. */
const LONGEST_SCAN = 4096;

/** Controls, format characters (zero width, direction), lone surrogates, line separators, odd spaces, U+FFFD. */
const refusedCharacter = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufffd]/u;

export function checkSerial(text: string, product: SerialRules): SerialCheck {
  // Far beyond any label: refused before anything looks at every character of it.
  if (text.length > LONGEST_SCAN) return refuse('serial-too-long', `the text has ${text.length} characters`);
  const serial = cutBlanks(text).normalize('NFC');
  if (serial === '') return refuse('serial-missing', 'there is no serial');
  const characters = [...serial].length;
  if (characters > MAX_SERIAL_CHARACTERS) {
    return refuse(
      'serial-too-long',
      `the serial has ${characters} characters, at most ${MAX_SERIAL_CHARACTERS}`,
    );
  }
  const refused = refusedCharacter.exec(serial)?.[0];
  if (refused !== undefined) {
    const codePoint = refused.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return refuse('serial-characters', `the serial contains U+${codePoint}, which no serial has`);
  }
  const { serialPattern, checkDigit } = product;
  const fitting = serialPattern === undefined ? { checked: serial } : fitPattern(serial, serialPattern);
  if ('ok' in fitting) return fitting;
  const fault = checkDigit && checkDigitFault(fitting.checked, checkDigit);
  return fault === undefined
    ? { ok: true, serial }
    : refuse('serial-check-digit', `${fitting.checked}: ${fault}`);
}

/** By hand, because an expression anchored at the end tries every run of blanks in the middle. */
function cutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blanks.has(text[start]!)) start += 1;
  while (end > start && blanks.has(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}

const blanks: ReadonlySet<string> = new Set([' ', '\t', '\r', '\n']);

const patternContext = createContext(Object.create(null));

type Refused = Extract<SerialCheck, { readonly ok: false }>;

/** Gives the part that a check digit covers. */
function fitPattern(serial: string, pattern: string): { readonly checked: string } | Refused {
  const whole = JSON.stringify(`^(?:${pattern})$`);
  try {
    new RegExp(pattern, 'u');
    const checked: unknown = runInContext(
      `{ const match = new RegExp(${whole}, 'u').exec(${JSON.stringify(serial)});
         match && (match.groups?.checked ?? match[0]); }`,
      patternContext,
      { timeout: PATTERN_DEADLINE_MS },
    );
    if (typeof checked === 'string') return { checked };
  } catch (error) {
    const slow = (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    return refuse(
      'serial-pattern',
      slow
        ? 'the product’s serial pattern takes too long'
        : 'the product’s serial pattern is not a valid expression',
    );
  }
  return refuse('serial-pattern', `the serial does not fit the product’s pattern ${pattern}`);
}

function refuse(code: SerialRefusalCode, detail: string): Refused {
  return { ok: false, code, detail };
}
