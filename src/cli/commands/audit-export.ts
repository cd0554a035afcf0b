/** `audit export`: the log or a list of its devices as a file, with progress on a terminal; Ctrl+C leaves nothing half. */
import { type Command, Option } from 'commander';
import type { ExportedAudit, ExportRequest } from '../../station/export/export-request.ts';
import { action, commandLineAccount, time, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

interface ExportOptions {
  readonly format: ExportRequest['format'];
  readonly out: string;
  readonly workOrder?: string;
  readonly state?: string;
  readonly since?: number;
  readonly until?: number;
  readonly bom: boolean;
  readonly verify?: boolean;
  readonly archive?: readonly string[];
}

const formats = [
  'csv',
  'jsonl',
  'json',
  'limpet-csv',
  'limpet-json',
  'dps-bulk',
] satisfies ExportOptions['format'][];

export function addAuditExport(audit: Command): void {
  const exporting = audit
    .command('export')
    .description(
      'write the audit log with its signed checkpoint into one file, or a list of devices with a signed manifest',
    )
    .addOption(
      new Option('--format <format>', 'csv, jsonl, json: the log; the others: devices in force')
        .choices(formats)
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'file to write; replaced whole or not at all')
    .option('--work-order <id>', 'only of this work order (entries of the log stay as hashes)')
    .option(
      '--state <state>',
      'of the log: a verdict or a change of an enrollment; of a list: the state of the enrollment',
    )
    .option('--since <time>', 'only from this time on (RFC 3339, or a date)', time('--since'))
    .option('--until <time>', 'only before this time', time('--until'))
    .option('--no-bom', 'csv: without the byte order mark that spreadsheets want')
    .option(
      '--verify',
      'read the file back from its medium (default: onto another device than the station’s)',
    )
    .option('--no-verify', 'do not read it back')
    .option('--archive <file...>', 'of the log: archives in which entries of it rest');
  action<ExportOptions>(exporting, async (invocation, options) =>
    withCore(invocation, async core => {
      const { exportAudit } = await import('../../station/export/export-audit.ts');
      const { ProgressLine } = await import('../progress-line.ts');
      const { giveWay } = await import('../../station/thread/give-way.ts');
      giveWay();
      const { output, signal } = invocation;
      const line =
        process.stderr.isTTY && !output.json
          ? new ProgressLine({ to: process.stderr, done: 'written' })
          : undefined;
      const result = await exportAudit(core, {
        format: options.format,
        out: options.out,
        workOrder: options.workOrder,
        state: options.state,
        since: options.since,
        until: options.until,
        byteOrderMark: options.bom,
        verify: options.verify,
        archives: options.archive,
        account: commandLineAccount(),
        signal,
        onProgress: line ? (done, all) => line.show(done, all - done) : undefined,
      }).finally(() => line?.end());
      output.document(result, () => described(result));
      return exitCodes.done;
    }),
  );
}

function described(result: ExportedAudit): string {
  return facts([
    ['written', `${result.file}${result.rehearsal ? '   [rehearsal]' : ''}`],
    ['manifest', result.manifest],
    result.devices === undefined
      ? ['entries', `${result.entries}${result.withheld ? ` (and ${result.withheld} as hashes)` : ''}`]
      : ['devices', `${result.devices}`],
    ['read back', result.readBack && readBackWords[result.readBack]],
    ['root', result.rootHash],
    ['key', result.verifierKey],
  ]);
}

const readBackWords = {
  medium: 'from the medium, byte for byte',
  cache: 'byte for byte; the system may have answered from its memory',
} as const;
