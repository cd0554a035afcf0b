/** The exit codes of the command line; scripts on the line branch on them, so they never change meaning. */
import type { FailureKind } from '../station/failure.ts';

export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  device: 3,
  refused: 4,
  dps: 5,
  ledger: 6,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeOf = (kind: FailureKind): ExitCode => exitCodes[kind];
