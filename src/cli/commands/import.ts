import type { Command } from 'commander';
import { action, commandLineAccount, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly product?: string;
  readonly workOrder?: string;
}

export function addImportCommand(program: Command): void {
  const command = program
    .command('import <file>')
    .description('batch enrollment from a file: Keyline CSV, Limpet CSV or JSON')
    .option('--dry-run', 'say what would happen to each row and change nothing')
    .option('--product <name>', 'product (default: the current one of the configuration)')
    .option('--work-order <id>', 'work order')
    .addHelpText(
      'after',
      '\nA CSV needs a header line with endorsementKey (base64 of TPM2B_PUBLIC); serial and registrationId are optional.',
    );
  action<Options>(command, async (invocation, options, [file]) =>
    withCore(invocation, async core => {
      const { importDevices } = await import('../../station/import-devices.ts');
      const { output } = invocation;
      const counts = { imported: 0, known: 0, refused: 0, bad: 0 };
      for await (const row of importDevices(core, file!, {
        dryRun: options.dryRun === true,
        product: options.product,
        workOrder: options.workOrder,
        account: commandLineAccount(),
        signal: invocation.signal,
      })) {
        counts[row.verdict] += 1;
        output.line(row, () =>
          row.verdict === 'imported'
            ? ''
            : `row ${row.row}  ${row.verdict}${row.serial ? `  ${row.serial}` : ''}  ${row.code}${row.detail ? `: ${row.detail}` : ''}`,
        );
      }
      const words = options.dryRun ? 'would be imported' : 'imported';
      output.line(
        { summary: { ...counts, dryRun: options.dryRun === true, stopped: invocation.signal.aborted } },
        () =>
          `${counts.imported} ${words}, ${counts.known} already known, ${counts.refused} refused, ${counts.bad} unreadable${options.dryRun ? ' (dry run: nothing was changed)' : ''}`,
      );
      if (invocation.signal.aborted) {
        output.note('keyline: stopped before the end of the file; import it again for the rest');
        return exitCodes.unexpected;
      }
      if (counts.bad > 0 && counts.imported + counts.known + counts.refused === 0) return exitCodes.usage;
      return counts.refused + counts.bad > 0 ? exitCodes.refused : exitCodes.done;
    }),
  );
}
