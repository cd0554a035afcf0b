/** An act at the command line: who does it (`--as ID` and the PIN, else the account) and the reason given. */
import type { Command } from 'commander';
import { type Act, reasonOf } from '../station/act.ts';
import type { StationCore } from '../station/open-core.ts';
import { action, type Invocation, withCore } from './command-context.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withSecrets } from './secret-input.ts';
import { type ActingOptions, actingAs, addActingOption } from './sign-in.ts';

export interface ActOptions extends ActingOptions {
  readonly reason: string;
}

/** As `action`, with the core open and the act known. What `work` gives is what the command prints. */
export function actAction<Options extends ActOptions>(
  command: Command,
  work: (
    given: {
      readonly core: StationCore;
      readonly act: Act;
      readonly args: readonly string[];
      readonly signal: AbortSignal;
    },
    options: Options,
  ) => Promise<{ readonly document: unknown; readonly text: string }>,
): void {
  addActingOption(command);
  action<Options>(
    command,
    async (invocation: Invocation, options, args): Promise<ExitCode> =>
      withSecrets(invocation, input =>
        withCore(invocation, async core => {
          const reason = reasonOf(options.reason);
          const act = { who: await actingAs(core, options, input), reason };
          const { document, text } = await work({ core, act, args, signal: invocation.signal }, options);
          invocation.output.document(document, () => text);
          return exitCodes.done;
        }),
      ),
  );
}
