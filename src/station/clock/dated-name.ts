/** Names of files that the station gives: what it is, when, and of what, in characters that every file system takes. */

/** @param at epoch milliseconds @returns without an ending */
export function datedName(what: string, at: number, of: string): string {
  const time = new Date(at).toISOString().replaceAll(/[:.]/g, '-');
  return `${what}-${time}-${of.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60)}`;
}
