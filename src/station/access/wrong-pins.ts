/**
 * How wrong PINs slow their guesser down. Counted in the ledger before a PIN is looked at and forgiven after a right one,
 * so that neither a kill in between nor a restart nor two guesses at once win one.
 */

/** Milliseconds to wait after so many wrong PINs in a row; after the last place, its wait again. */
const waits = [0, 0, 0, 5_000, 30_000, 5 * 60_000, 15 * 60_000];
const longestWait = waits.at(-1)!;
/** From here on the audit says `locked`. */
export const lockingPins = 5;

export function waitAfterPins(wrong: number): number {
  return waits[wrong] ?? longestWait;
}

/** When the next PIN may be tried; a time that no wait reaches was written by a clock that ran ahead (rule O7). */
export function pinDue(notBefore: number, now: number): number {
  return Math.min(notBefore, now + longestWait);
}
