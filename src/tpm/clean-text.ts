/**
 * Makes text from a DUT safe to show: screens, logs, terminals and spreadsheets get no control characters, no
 * direction overrides and no lone surrogates from it; each of them becomes a middle dot.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function cleanText(text: string, most = 200): string {
  const clean = text.slice(0, most).replace(unsafe, '·').trim();
  return text.length > most ? `${clean}…` : clean;
}
