import type { Command } from 'commander';
import type { BatchHarvestRow } from '../../station/attempt/harvest-batch.ts';
import type { FailureKind } from '../../station/failure.ts';
import { action, commandLineAccount, wholeNumber, withCore } from '../command-context.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.ts';

interface Options {
  readonly atOnce?: number;
  readonly product?: string;
  readonly workOrder?: string;
  readonly operator?: string;
  readonly report?: string;
}

const reportColumns = [
  'row',
  'verdict',
  'code',
  'serial',
  'fixture',
  'registrationId',
  'durationMs',
  'warnings',
  'detail',
  'hint',
] as const;
const AT_ONCE = 4;
const MOST_AT_ONCE = 32;

export function addBatchCommands(program: Command): void {
  const batch = program.command('batch').description('many devices from a list');
  const harvest = batch
    .command('harvest <file>')
    .description('harvest a list of devices into the ledger, several at once')
    .option(
      '--at-once <n>',
      `harvests at the same time (default: ${AT_ONCE})`,
      wholeNumber('--at-once', 1, MOST_AT_ONCE),
    )
    .option('--product <name>', 'product of all rows (default: each row’s own, else the current one)')
    .option('--work-order <id>', 'work order of all rows')
    .option('--operator <name>', 'operator, recorded as stated')
    .option('--report <file>', 'also write what became of each row to a CSV file')
    .addHelpText(
      'after',
      '\nThe list is a table with the columns serial and bridge (or fixture), and, where wanted, product and workOrder.' +
        '\nGive it again to go on: what passed before is skipped. The exit code is that of the worst row.',
    );
  action<Options>(harvest, (invocation, options, [file]) =>
    withCore(invocation, async core => {
      const { batchReport, endReport } = await import('../batch-report.ts');
      const { harvestBatch, readBridgeList } = await import('../../station/attempt/harvest-batch.ts');
      const { output, signal } = invocation;
      const items = await readBridgeList(file!);
      const report = batchReport(core, options.report, reportColumns);
      const counts = { passed: 0, retest: 0, refused: 0, failed: 0, skipped: 0, bad: 0 };
      const kinds = new Set<FailureKind | 'done'>();
      await harvestBatch(core, items, {
        atOnce: options.atOnce ?? AT_ONCE,
        product: options.product,
        workOrder: options.workOrder,
        statedOperator: options.operator,
        account: commandLineAccount(),
        signal,
        onRow: row => {
          counts[row.verdict] += 1;
          kinds.add('kind' in row ? row.kind : row.verdict === 'bad' ? 'usage' : 'done');
          report?.add({
            ...row,
            ...('warnings' in row ? { warnings: row.warnings.join(' ') } : { warnings: '' }),
          });
          report?.flush();
          output.line(row, () => rowText(row));
        },
      });
      const unwritten = endReport(output, report);
      const { passed, retest, refused, failed, skipped, bad } = counts;
      const left = items.length - (passed + retest + refused + failed + skipped + bad);
      output.line(
        { summary: { ...counts, left, stopped: signal.aborted } },
        () =>
          `${passed} passed, ${retest} already recorded, ${refused} refused, ${failed} failed, ${skipped} skipped (passed before), ${bad} unreadable`,
      );
      if (signal.aborted)
        output.note(`keyline: stopped with ${left} rows left; give the list again to go on`);
      const code = signal.aborted ? exitCodes.unexpected : worstOf(kinds);
      return code === exitCodes.done ? (unwritten ?? code) : code;
    }),
  );
}

/** What needs somebody most comes first. */
const worstFirst = [
  'unexpected',
  'ledger',
  'dps',
  'device',
  'refused',
  'usage',
] as const satisfies readonly FailureKind[];

function worstOf(kinds: ReadonlySet<FailureKind | 'done'>): ExitCode {
  const worst = worstFirst.find(kind => kinds.has(kind));
  return worst === undefined ? exitCodes.done : exitCodeOf(worst);
}

const words = {
  passed: 'PASS',
  retest: 'PASS (already recorded)',
  refused: 'STOP',
  failed: 'FAIL',
  skipped: 'skipped',
  bad: 'unreadable',
} as const;

function rowText(row: BatchHarvestRow): string {
  const head = `row ${row.row}  ${words[row.verdict]}  ${row.serial ?? ''}`.trimEnd();
  if (row.verdict === 'passed' || row.verdict === 'retest') {
    const warnings = row.warnings.length === 0 ? '' : `  (${row.warnings.join(', ')})`;
    return `${head}${warnings}`;
  }
  if (row.verdict === 'skipped') return `${head}  passed before`;
  const detail = row.detail === undefined ? '' : `: ${row.detail}`;
  return `${head}  ${row.code}${detail}${'hint' in row ? `\n  ${row.hint}` : ''}`;
}
