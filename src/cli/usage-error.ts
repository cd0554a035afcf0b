import type { Command } from 'commander';
import type { Failure } from '../station/failure.ts';

/** The command line was used in a way that it does not know. */
export class UsageError extends Error {}

/** @param command the one that was meant, as far as it was understood: its own help says more than that of all */
export function usageFailure(message: string, command: Command): Failure {
  return { kind: 'usage', code: 'usage', message, hint: `See ${helpOf(command)}.` };
}

/** As one would type it. */
export function helpOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at; at = at.parent) names.unshift(at.name());
  return `${names.join(' ')} --help`;
}
