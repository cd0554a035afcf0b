/** What every command shares: the global options, how it reports, and a core that is closed again whatever happens. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { defaultDataDirectory } from '../station/data-directory.ts';
import type { StationCore } from '../station/open-core.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { makeOutput, type Output, reportFailure } from './output.ts';
import { UsageError, usageFailure } from './usage-error.ts';

export interface Invocation {
  readonly output: Output;
  readonly dataDirectory: string;
  /** Ends when the person or the system asks the program to end (SIGINT, SIGTERM). */
  readonly signal: AbortSignal;
}

/** The account that the command line acts as (rule S1). */
export function commandLineAccount(): string {
  try {
    return `os:${userInfo().username}`;
  } catch {
    // A user id without a name, as containers have.
    return `os:uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** An empty variable counts as unset, as the XDG specification has it; an empty option is a mistake. */
function dataDirectoryOf(option: string | undefined): string {
  if (option === '') throw new UsageError('--data-dir needs a directory');
  return option ?? (process.env.KEYLINE_DATA_DIR || defaultDataDirectory());
}

/**
 * Wraps a command's work: reports what it throws, sets the exit code, and lets the process end by itself so that
 * everything written to a pipe arrives.
 */
export function action<Options extends object>(
  command: Command,
  work: (invocation: Invocation, options: Options, args: readonly string[]) => Promise<ExitCode>,
): void {
  command.action(async (...given: unknown[]) => {
    const options = command.optsWithGlobals() as Options & { json?: boolean; dataDir?: string };
    const output = makeOutput(options.json === true);
    const ending = new AbortController();
    const end = () => ending.abort();
    process.once('SIGINT', end).once('SIGTERM', end);
    try {
      process.exitCode = await work(
        {
          output,
          dataDirectory: dataDirectoryOf(options.dataDir),
          signal: ending.signal,
        },
        options,
        given.slice(0, -2).flat() as string[],
      );
    } catch (error) {
      if (error instanceof UsageError) {
        output.failure(usageFailure(error.message, command));
        process.exitCode = exitCodes.usage;
      } else process.exitCode = reportFailure(output, error);
    } finally {
      process.removeListener('SIGINT', end).removeListener('SIGTERM', end);
    }
  });
}

/** Opens the core (making a ledger at first start), works with it, and closes it. */
export async function withCore<T>(
  invocation: Invocation,
  work: (core: StationCore) => Promise<T> | T,
): Promise<T> {
  const { openCore } = await import('../station/open-core.ts');
  const core = openCore({ dataDirectory: invocation.dataDirectory });
  for (const notice of core.notices) invocation.output.note(`keyline: ${notice}`);
  try {
    return await work(core);
  } finally {
    core.close();
  }
}

/** A whole number within bounds, for commander's option parsers. */
export function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new UsageError(`${name} is a whole number from ${least} to ${most}, not "${text}"`);
    return value;
  };
}

/** An instant (RFC 3339, or a date) as epoch milliseconds. */
export function time(name: string): (text: string) => number {
  return text => {
    const at = Date.parse(text);
    if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at))
      throw new UsageError(`${name} is a time such as 2026-11-21 or 2026-11-21T06:00:00Z, not "${text}"`);
    return at;
  };
}
