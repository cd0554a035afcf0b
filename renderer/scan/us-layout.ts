/**
 * Which character a key gives on a US layout, by its place (KeyboardEvent.code, UI Events KeyboardEvent code Values).
 * A wedge scanner types as if the layout were US, whatever the system or an IME makes of it, so the place is the truth.
 */
const plain: Readonly<Record<string, string>> = {
  Backquote: '`~',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: `'"`,
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  Space: '  ',
  NumpadDecimal: '..',
  NumpadSubtract: '--',
  NumpadAdd: '++',
  NumpadMultiply: '**',
  NumpadDivide: '//',
};
const shiftedDigits = ')!@#$%^&*(';

/** The character of a key on a US layout; undefined for a key that types none. Caps Lock plays no part. */
export function usCharacter(code: string, shift: boolean): string | undefined {
  if (/^Key[A-Z]$/.test(code)) return shift ? code[3] : code[3]!.toLowerCase();
  if (/^Digit\d$/.test(code)) return shift ? shiftedDigits[Number(code[5])] : code[5];
  if (/^Numpad\d$/.test(code)) return code[6];
  return plain[code]?.[shift ? 1 : 0];
}
