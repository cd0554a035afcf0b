/** The strokes of a US keyboard, written down here a second time and from the other side: character to key. */
import type { Stroke } from '../../renderer/scan/wedge.ts';

const shifted = new Map(
  [...'~_+{}|:"<>?!@#$%^&*()'].map((character, index) => [character, "`-=[]\\;',./1234567890"[index]!]),
);
const codes = new Map(
  Object.entries({
    '`': 'Backquote',
    '-': 'Minus',
    '=': 'Equal',
    '[': 'BracketLeft',
    ']': 'BracketRight',
    '\\': 'Backslash',
    ';': 'Semicolon',
    "'": 'Quote',
    ',': 'Comma',
    '.': 'Period',
    '/': 'Slash',
    ' ': 'Space',
  }),
);

/** `key`: one printable ASCII character, or the code of a named key. */
export function strokeOf(key: string): Omit<Stroke, 'at'> {
  const free = { control: false, command: false };
  if (key.length > 1) return { ...free, code: key, shift: false };
  const base = shifted.get(key) ?? key;
  if (/[a-z]/i.test(base)) return { ...free, code: `Key${base.toUpperCase()}`, shift: /[A-Z]/.test(base) };
  return { ...free, code: codes.get(base) ?? `Digit${base}`, shift: shifted.has(key) };
}
