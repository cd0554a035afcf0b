/**
 * Takes new devices into the indexes of the search, a few at a time, so that no record waits long for the write lock.
 * Several processes may do so at once: each slice is one transaction that goes on where the last one ended.
 */
import { LedgerError } from '../../../db/errors.ts';
import type { Ledger } from '../../../db/ledger.ts';

/** Devices of one transaction: some milliseconds. */
const SLICE = 500;

/** @returns whether there is more to take in */
export function fillSlice(ledger: Ledger): boolean {
  try {
    return ledger.transaction(() => ledger.deviceIndex.fill(SLICE)) === SLICE;
  } catch (error) {
    // A full disk or a busy ledger: who records says so; searches go on without the index.
    if (error instanceof LedgerError) return false;
    throw error;
  }
}

/** Until everything is in, or for so many milliseconds. */
export function fillDeviceIndex(ledger: Ledger, withinMs: number): void {
  const end = performance.now() + withinMs;
  while (fillSlice(ledger) && performance.now() < end);
}
