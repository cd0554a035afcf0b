/** The beginning of a key's digest as two people read it to each other: groups of hex digits, letters by their spelling words. Pure. */

export interface DigestGroup {
  readonly digits: string;
  /** It is another one than the group at the same place on the other side. */
  readonly differs: boolean;
}

/** @param digest groups of hex digits with spaces between, as the comparison gives them */
export function digestGroups(digest: string, other: string | null): readonly DigestGroup[] {
  const others = other?.split(' ') ?? [];
  return digest
    .split(' ')
    .map((digits, index) => ({ digits, differs: other !== null && digits !== others[index] }));
}

/** @param words for a to f, of the ITU and ICAO spelling alphabet in the language on the screen, with spaces between */
export function aloud(digest: string, words: string): string {
  const letters = words.split(' ');
  return digest
    .split(' ')
    .map(group => [...group].map(digit => letters[digit.charCodeAt(0) - 97] ?? digit).join(' '))
    .join(', ');
}
