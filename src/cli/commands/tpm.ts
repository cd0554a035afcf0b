import { type Command, Option } from 'commander';
import { action, type Invocation, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import {
  addPasswordOptions,
  askHierarchyPassword,
  checkPasswordOptions,
  type PasswordOptions,
} from '../hierarchy-password.ts';
import { checkPlace, type PlaceOptions, placeOf } from '../place.ts';
import { withSecrets } from '../secret-input.ts';

interface Options extends PlaceOptions, PasswordOptions {
  readonly format: 'text' | 'limpet';
}

export function addTpmCommands(program: Command): void {
  const tpm = program.command('tpm').description('look at a TPM without recording anything');
  const info = tpm
    .command('info')
    .description('maker, firmware, state, keys and certificates, and whether it is fit for DPS')
    .option('--bridge <tcti>', 'TPM bridge, as in tpm2-tss, or ssh:user@host[:port]')
    .option('--fixture <id>', 'a fixture of the configuration: its bridge, deadlines and way to sign in')
    .addOption(
      new Option('--format <format>', 'text, or XML as Limpet -GTI writes it')
        .choices(['text', 'limpet'])
        .default('text'),
    );
  addPasswordOptions(info);
  action<Options>(info, async (invocation, options) => {
    checkPlace(options);
    checkPasswordOptions(options);
    const { formatTpmReportAsLimpet } = await import('../../station/attempt/tpm-info.ts');
    const { describeTpmReport } = await import('../tpm-report-text.ts');
    const report = await look(invocation, options);
    invocation.output.document(report, () =>
      options.format === 'limpet' ? formatTpmReportAsLimpet(report).trimEnd() : describeTpmReport(report),
    );
    return exitCodes.done;
  });
}

/** A mere bridge needs no station; a fixture and a password do. */
async function look(invocation: Invocation, options: Options) {
  const { readTpm, readTpmAt } = await import('../../station/attempt/tpm-info.ts');
  const { dataDirectory, signal } = invocation;
  if (options.bridge !== undefined && !options.hierarchyPassword)
    return readTpm({ bridge: options.bridge, dataDirectory, signal });
  return withSecrets(invocation, input =>
    withCore(invocation, async core => {
      const place = placeOf(core.configuration, options);
      const hierarchyPassword = await askHierarchyPassword(core, options, input);
      return readTpmAt(core, { ...place, hierarchyPassword, signal }).finally(() =>
        hierarchyPassword?.password.wipe(),
      );
    }),
  );
}
