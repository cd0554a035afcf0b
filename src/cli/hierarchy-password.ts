/** `--hierarchy-password`: a supervisor (`--as ID` and the PIN) gives the password of the TPM's endorsement hierarchy. */
import type { Command } from 'commander';
import type { GivenPassword } from '../station/attempt/hierarchy-password.ts';
import type { StationCore } from '../station/open-core.ts';
import type { SecretInput } from './secret-input.ts';
import { type ActingOptions, actingAs, addActingOption } from './sign-in.ts';
import { UsageError } from './usage-error.ts';

export interface PasswordOptions extends ActingOptions {
  readonly hierarchyPassword?: boolean;
}

export function addPasswordOptions(command: Command): void {
  command.option(
    '--hierarchy-password',
    'ask for the password of the endorsement hierarchy, for a TPM that has one; a supervisor\u2019s act (--as); or KEYLINE_HIERARCHY_PASSWORD, or a line of stdin after the PIN',
  );
  addActingOption(command);
}

/** Throws UsageError. */
export function checkPasswordOptions({ hierarchyPassword, as }: PasswordOptions): void {
  if (hierarchyPassword && as === undefined)
    throw new UsageError('--hierarchy-password is a supervisor\u2019s act: name one with --as ID');
  if (!hierarchyPassword && as !== undefined)
    throw new UsageError('--as ID goes with --hierarchy-password here');
}

/** The caller wipes it. Undefined where none is wanted. */
export async function askHierarchyPassword(
  core: StationCore,
  options: PasswordOptions,
  input: SecretInput,
): Promise<GivenPassword | undefined> {
  checkPasswordOptions(options);
  if (!options.hierarchyPassword) return undefined;
  const { giveHierarchyPassword, mayGiveHierarchyPassword } = await import(
    '../station/attempt/hierarchy-password.ts'
  );
  const who = await actingAs(core, options, input);
  mayGiveHierarchyPassword(core, who);
  const text = await input.ask({
    label: 'Password of the endorsement hierarchy',
    variable: 'KEYLINE_HIERARCHY_PASSWORD',
  });
  return giveHierarchyPassword(core, text, who);
}
