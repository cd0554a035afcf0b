/**
 * A device's serial as scanned or typed. White space at both ends is cut (scanners end a scan with CR, LF or tab); the
 * rest is Unicode NFC, so that what looks the same is the same, 1 to 128 characters, none of which is invisible or
 * turns text around. A product's pattern must fit the whole serial. Patterns are an engineer's text and may be broken
 * or take exponential time on a hostile serial: they run in a context of their own with a time limit.
 */
import { createContext, runInContext } from 'node:vm';

export type SerialRefusalCode = 'serial-missing' | 'serial-too-long' | 'serial-characters' | 'serial-pattern';

export type SerialCheck =
  | { readonly ok: true; readonly serial: string }
  | { readonly ok: false; readonly code: SerialRefusalCode; readonly detail: string };

export const MAX_SERIAL_CHARACTERS = 128;
const PATTERN_DEADLINE_MS = 100;
/** UTF-16 units; a scan with its prefix and suffix is never longer. */
const LONGEST_SCAN = 4096;

/** Controls, format characters (zero width, direction), lone surrogates, line separators, odd spaces, U+FFFD. */
const refusedCharacter = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufffd]/u;

export function checkSerial(
  text: string,
  product: { readonly serialPattern?: string | undefined },
): SerialCheck {
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
  const { serialPattern } = product;
  return serialPattern === undefined ? { ok: true, serial } : checkPattern(serial, serialPattern);
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

function checkPattern(serial: string, pattern: string): SerialCheck {
  const whole = JSON.stringify(`^(?:${pattern})$`);
  try {
    new RegExp(pattern, 'u');
    const fits: unknown = runInContext(
      `new RegExp(${whole}, 'u').test(${JSON.stringify(serial)})`,
      patternContext,
      {
        timeout: PATTERN_DEADLINE_MS,
      },
    );
    if (fits === true) return { ok: true, serial };
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

function refuse(code: SerialRefusalCode, detail: string): SerialCheck {
  return { ok: false, code, detail };
}
