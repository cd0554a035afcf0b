import { type Command, Option } from 'commander';
import { action } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';

interface Options {
  readonly bridge: string;
  readonly format: 'text' | 'limpet';
}

export function addTpmCommands(program: Command): void {
  const tpm = program.command('tpm').description('look at a TPM without recording anything');
  const info = tpm
    .command('info')
    .description('maker, firmware, state, keys and certificates, and whether it is fit for DPS')
    .requiredOption('--bridge <tcti>', 'TPM bridge, as in tpm2-tss, or ssh:user@host[:port]')
    .addOption(
      new Option('--format <format>', 'text, or XML as Limpet -GTI writes it')
        .choices(['text', 'limpet'])
        .default('text'),
    );
  action<Options>(info, async ({ output, dataDirectory, signal }, options) => {
    const { readTpm, formatTpmReportAsLimpet } = await import('../../station/tpm-info.ts');
    const { describeTpmReport } = await import('../tpm-report-text.ts');
    const report = await readTpm({ bridge: options.bridge, dataDirectory, signal });
    output.document(report, () =>
      options.format === 'limpet' ? formatTpmReportAsLimpet(report).trimEnd() : describeTpmReport(report),
    );
    return exitCodes.done;
  });
}
