/** What is invisible or steers a terminal, escaped: for text of others that is shown without quotes. */
export function visibleText(text: string): string {
  const escaped = (character: string) => `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`;
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

/** Text that was scanned, typed or sent, shown in a message: quoted, and what is invisible or steers a terminal escaped. */
export function quoteText(text: string, most: number): string {
  return visibleText(JSON.stringify(text.slice(0, most)));
}
