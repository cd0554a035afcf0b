/** The beginning of a root as two people read it to each other: eight bytes in groups of four hex digits. Pure. */
export function rootGroups(hex: string): string {
  return hex.slice(0, 16).replaceAll(/.{4}(?=.)/g, '$& ');
}
