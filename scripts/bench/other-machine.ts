/**
 * What runs beside the station for a bench only, and in a plant is another machine (TPMs, DPS), gives way to it: by nice(1)
 * where that is installed.
 */
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const NICE = '/usr/bin/nice';

/** @returns the command that starts it so */
export function otherMachine(...command: readonly string[]): readonly string[] {
  return existsSync(NICE) ? [NICE, '-n', '10', ...command] : command;
}

/** One that runs already. */
export function giveWay(pid: number): void {
  setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
}
