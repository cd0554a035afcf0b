/** Whom an act at the command line is put down to, and why: the operating system's user, and the reason given. */
import { type Act, actOf } from '../station/act.ts';
import { commandLineAccount } from './command-context.ts';

export interface ReasonOption {
  readonly reason: string;
}

/** @throws StationError `reason-invalid` */
export function actAtCommandLine({ reason }: ReasonOption): Act {
  return actOf(commandLineAccount(), reason);
}
