/** What a scanner sent, to be read by a person: control characters as their pictures, shortened. */

/** Characters that stay at either end of a long text. */
const kept = 10;

/** Unicode has a picture for each control character: U+2400 and on, U+2421 for DEL. */
export function readableScan(text: string): string {
  const visible = text.replace(/[\0-\x1f\x7f]/g, control =>
    control === '\x7f' ? '\u2421' : String.fromCharCode(0x2400 + control.charCodeAt(0)),
  );
  return visible.length <= 2 * kept + 1 ? visible : `${visible.slice(0, kept)}…${visible.slice(-kept)}`;
}
