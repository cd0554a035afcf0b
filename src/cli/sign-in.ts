/** Who a command acts as (rule S1): the account that runs it, or with `--as ID` a person who shows it by their PIN. */
import { type Command, Option } from 'commander';
import type { Actor } from '../station/access/authorize.ts';
import type { StationCore } from '../station/open-core.ts';
import { commandLineAccount } from './command-context.ts';
import type { SecretInput } from './secret-input.ts';

export interface ActingOptions {
  readonly as?: string;
}

export function addActingOption(command: Command): void {
  command.addOption(
    new Option(
      '--as <id>',
      'the person who does this; the PIN is asked for, or taken from KEYLINE_PIN or stdin',
    ),
  );
}

export async function actingAs(
  core: StationCore,
  options: ActingOptions,
  input: SecretInput,
): Promise<Actor> {
  if (options.as === undefined) return { proof: 'account', account: commandLineAccount() };
  const { signInWithPin } = await import('../station/access/sign-in.ts');
  const pin = await input.ask({ label: `PIN of ${options.as}`, variable: 'KEYLINE_PIN' });
  return signInWithPin(core, { id: options.as }, pin);
}
