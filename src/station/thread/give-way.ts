/**
 * Long work that nobody stands and waits for gives way to who works at the screens: it runs when they leave the processor free.
 * Whoever writes to the ledger again and again must not, because the station would wait for the lock that it holds.
 */
import { constants, setPriority } from 'node:os';

/** This process, on every system. */
export function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where a process may not even be nice, it works as the others do.
  }
}

/**
 * The thread that calls this, and on Linux alone: setpriority(2) of 0 is one thread there. On Windows and macOS the same call
 * is of the whole process, with the thread in it that serves the screens.
 */
export function giveWayInThread(): void {
  if (process.platform === 'linux') giveWay();
}
