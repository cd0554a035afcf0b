/** When an address is asked again: politely, and before what is at hand ends (rule O6's manners, for makers' servers). */
import type { FetchedAddress } from './fetch-record.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A list is asked for again when a tenth of its time is left, a day at most, so that there is no gap; never within an hour. */
export function nextOfList(
  list: { readonly thisUpdate: number; readonly nextUpdate: number },
  now: number,
): number {
  const early = Math.min(DAY_MS, (list.nextUpdate - list.thisUpdate) / 10);
  return Math.max(now + HOUR_MS, list.nextUpdate - early);
}

/** The same list came again: its maker has no newer one, so not before it ends. */
export function nextOfSame(list: { readonly nextUpdate: number }, now: number): number {
  return Math.max(now + HOUR_MS, list.nextUpdate);
}

/** After an hour, then twice as long each time, a day at most. @param failures in a row, this one counted */
export function nextOfFailed(failures: number, now: number): number {
  return now + Math.min(DAY_MS, HOUR_MS * 2 ** (failures - 1));
}

/** An issuer's certificate is fetched once. A clock that was set back must not put a list off for years. */
export function isDue({ kind, sha256, nextAt, triedAt }: FetchedAddress, now: number): boolean {
  if (kind === 'issuer' && sha256 !== undefined) return false;
  return nextAt <= now || (triedAt ?? 0) > now + HOUR_MS;
}
