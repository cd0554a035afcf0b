import path from 'node:path';
import type { Command } from 'commander';
import type { ColumnMapping } from '../../station/batch-import/import-columns.ts';
import type {
  ImportFile,
  ImportVerdict,
  ImportVerdictKind,
} from '../../station/batch-import/import-devices.ts';
import type { ReportFile } from '../../station/export/open-report.ts';
import type { StationCore } from '../../station/open-core.ts';
import { action, commandLineAccount, type Invocation, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly product?: string;
  readonly workOrder?: string;
  readonly map?: string;
  readonly report?: string;
}

const reportColumns = [
  'file',
  'row',
  'verdict',
  'code',
  'serial',
  'registrationId',
  'keyForm',
  'detail',
] as const;
type Report = ReportFile<(typeof reportColumns)[number]>;

export function addImportCommand(program: Command): void {
  const command = program
    .command('import <files...>')
    .description(
      'batch enrollment from files: CSV, JSON, Limpet, tpm_device_provision, EK lists, Keyline exports',
    )
    .option('--dry-run', 'say what would happen to each row and change nothing')
    .option('--product <name>', 'product (default: the current one; of an export, each row’s own)')
    .option('--work-order <id>', 'work order')
    .option('--map <columns>', 'which column is which, such as serial=SN,ek=#3')
    .option('--report <file>', 'also write what became of each row to a CSV file')
    .addHelpText(
      'after',
      '\nA table needs a header line; the columns are known by their names (endorsementKey, EK, serial, SN, …), or by --map,' +
        '\nwhich is remembered for files with the same header. Import a file again to go on with it: nothing is taken twice.',
    );
  action<Options>(command, (invocation, options, files) =>
    withCore(invocation, async core => {
      const mapping = options.map === undefined ? undefined : await columnsOf(options.map);
      const { batchReport, endReport } = await import('../batch-report.ts');
      const report = batchReport(core, options.report, reportColumns);
      const tally: Tally = {
        counts: { imported: 0, duplicate: 0, known: 0, refused: 0, bad: 0 },
        made: 0,
        files: [],
      };
      for (const file of files) {
        if (invocation.signal.aborted) break;
        await importOne({ core, invocation, options, mapping, file, many: files.length > 1, report, tally });
      }
      const code = summarize(invocation, options, tally);
      const unwritten = endReport(invocation.output, report);
      return code === exitCodes.done ? (unwritten ?? code) : code;
    }),
  );
}

interface Tally {
  readonly counts: Record<ImportVerdictKind, number>;
  /** Rows whose key was not TPM2B_PUBLIC and was made into it. */
  made: number;
  readonly files: ImportFile[];
}

interface One {
  readonly core: StationCore;
  readonly invocation: Invocation;
  readonly options: Options;
  readonly mapping: ColumnMapping | undefined;
  readonly file: string;
  readonly many: boolean;
  readonly report: Report | undefined;
  readonly tally: Tally;
}

async function importOne({
  core,
  invocation,
  options,
  mapping,
  file,
  many,
  report,
  tally,
}: One): Promise<void> {
  const { importDevices } = await import('../../station/batch-import/import-devices.ts');
  const { output } = invocation;
  const inFile = many ? { file } : {};
  for await (const row of importDevices(core, file, {
    dryRun: options.dryRun === true,
    product: options.product,
    workOrder: options.workOrder,
    mapping,
    account: commandLineAccount(),
    signal: invocation.signal,
    onFile: found => {
      tally.files.push(found);
      if (!output.json) output.line(undefined, () => fileText(found));
    },
  })) {
    tally.counts[row.verdict] += 1;
    if (row.keyForm !== undefined) tally.made += 1;
    report?.add({ file: path.basename(file), ...row });
    output.line({ ...row, ...inFile }, () => rowText(row));
  }
}

const encodingWords = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  cp949: 'CP949',
} as const;
const formWords = {
  csv: 'table',
  'limpet-csv': 'Limpet CSV',
  'keyline-csv': 'Keyline export (CSV)',
  json: 'JSON',
  'json-lines': 'JSON lines',
  'keyline-json': 'Keyline export (JSON)',
  'keyline-jsonl': 'Keyline export (JSON lines)',
  'provisioning-text': 'text of tpm_device_provision or Limpet',
} as const;

function fileText({ file, form, encoding, delimiter, mapping, remembered }: ImportFile): string {
  const columns = Object.entries(mapping ?? {}).map(([field, name]) => `${field} = ${JSON.stringify(name)}`);
  return [
    `${file}: ${formWords[form]}, ${encodingWords[encoding]}`,
    ...(delimiter === undefined || delimiter === ',' ? [] : [delimiter === ';' ? 'semicolons' : 'tabs']),
    ...columns,
    ...(remembered ? ['columns as said before for this header'] : []),
  ].join(', ');
}

function rowText({ row, verdict, serial, code, detail }: ImportVerdict): string {
  if (verdict === 'imported') return '';
  return `row ${row}  ${verdict}${serial ? `  ${serial}` : ''}  ${code}${detail ? `: ${detail}` : ''}`;
}

function summarize(
  { output, signal }: Invocation,
  { dryRun = false }: Options,
  { counts, made, files }: Tally,
): ExitCode {
  const { imported, duplicate, known, refused, bad } = counts;
  const facts = files.map(({ file, form, encoding, delimiter, mapping, remembered, origin }) => ({
    file,
    form,
    encoding,
    delimiter,
    mapping,
    remembered,
    origin,
  }));
  output.line({ summary: { ...counts, made, dryRun, stopped: signal.aborted, files: facts } }, () =>
    [
      `${imported} ${dryRun ? 'would be imported' : 'imported'}, ${duplicate} double in the file, ${known} already known, ` +
        `${refused} refused, ${bad} unreadable${dryRun ? ' (dry run: nothing was changed)' : ''}`,
      ...(made === 0
        ? []
        : [`${made} keys were no TPM2B_PUBLIC and were made into it (a bare public key by template L-1)`]),
    ].join('\n'),
  );
  if (signal.aborted) {
    output.note('keyline: stopped before the end of the file; import it again for the rest');
    return exitCodes.unexpected;
  }
  if (bad > 0 && imported + duplicate + known + refused === 0) return exitCodes.usage;
  return refused + bad > 0 ? exitCodes.refused : exitCodes.done;
}

async function columnsOf(text: string): Promise<ColumnMapping> {
  const { importFields, parseMapping } = await import('../../station/batch-import/import-columns.ts');
  const mapping = parseMapping(text);
  if (!mapping)
    throw new UsageError(
      `--map is ${importFields.map(field => `${field}=COLUMN`).join(',')} or some of these, not "${text.slice(0, 80)}"`,
    );
  return mapping;
}
