/**
 * What the command line writes. With `--json`: one JSON document (or JSON lines for streams) on stdout and nothing else
 * there. Otherwise text for people on stdout; progress and complaints on stderr.
 */
import { EmulatorError } from '../emulator/errors.ts';
import { describeFailure, type Failure } from '../station/failure.ts';
import { type ExitCode, exitCodeOf } from './exit-code.ts';

export interface Output {
  readonly json: boolean;
  /** The one document of a command. */
  document(value: unknown, text: () => string): void;
  /** One item of a stream. */
  line(value: unknown, text: () => string): void;
  note(text: string): void;
  failure(failure: Failure): void;
}

export function makeOutput(
  json: boolean,
  out: { write(text: string): unknown } = process.stdout,
  err: { write(text: string): unknown } = process.stderr,
): Output {
  const print = (value: unknown, text: () => string) => {
    const body = json ? JSON.stringify(value) : text();
    if (body !== '') out.write(`${body}\n`);
  };
  return {
    json,
    document: print,
    line: print,
    note: text => void err.write(`${text}\n`),
    failure(failure) {
      if (json)
        out.write(
          `${JSON.stringify({ code: failure.code, hint: failure.hint, message: failure.message })}\n`,
        );
      else err.write(`keyline: ${failure.message}\n  ${failure.hint}\n  (${failure.code})\n`);
    },
  };
}

/** The station's words for a failure; the emulator has its own. */
function failureOf(error: unknown): Failure {
  if (error instanceof EmulatorError)
    return { kind: 'usage', code: error.code, message: error.message, hint: error.hint };
  return describeFailure(error);
}

/** Reports a thrown thing and gives the exit code for it. */
export function reportFailure(output: Output, error: unknown): ExitCode {
  const failure = failureOf(error);
  output.failure(failure);
  return exitCodeOf(failure.kind);
}
