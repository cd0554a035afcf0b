/**
 * What runs beside the station for a bench only, and in a plant is another machine (TPMs, links, hands, DPS), gives way to
 * it: by nice(1), and where Linux shares out the processor by session first (sched(7), autogroup), by the session's own value.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const NICE = '/usr/bin/nice';
/** A third of what the others get: enough to work, and too little to hold them up. */
const VALUE = 5;

/** @returns the command that starts it so, in our session */
export function otherMachine(...command: readonly string[]): readonly string[] {
  return existsSync(NICE) ? [NICE, '-n', String(VALUE), ...command] : command;
}

/** One that was just started as the head of a session (`detached`), and with it whatever it starts. */
export function giveWay(pid: number): void {
  setPriority(pid, VALUE);
  const ofSession = `/proc/${pid}/autogroup`;
  if (existsSync(ofSession)) writeFileSync(ofSession, String(VALUE));
}
