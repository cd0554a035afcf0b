import { type Command, Option } from 'commander';
import { action, commandLineAccount, time, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { reportFailure } from '../output.ts';
import { facts } from '../table.ts';

interface ExportOptions {
  readonly format: 'csv' | 'jsonl';
  readonly out: string;
  readonly workOrder?: string;
  readonly since?: number;
  readonly until?: number;
}

interface VerifyOptions {
  readonly key?: string;
  readonly checkpoint?: readonly string[];
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('evidence: export it, verify it');

  const exporting = audit
    .command('export')
    .description('write the audit log with its signed checkpoint into one file')
    .addOption(new Option('--format <format>').choices(['csv', 'jsonl']).makeOptionMandatory())
    .requiredOption('--out <file>', 'file to write; replaced whole or not at all')
    .option('--work-order <id>', 'only entries of this work order (the others stay as hashes)')
    .option('--since <time>', 'only entries from this time on (RFC 3339, or a date)', time('--since'))
    .option('--until <time>', 'only entries before this time', time('--until'));
  action<ExportOptions>(exporting, async (invocation, options) =>
    withCore(invocation, async core => {
      const { exportAudit } = await import('../../station/export-audit.ts');
      const bar = process.stderr.isTTY && !invocation.output.json;
      const result = await exportAudit(core, {
        format: options.format,
        out: options.out,
        workOrder: options.workOrder,
        since: options.since,
        until: options.until,
        account: commandLineAccount(),
        signal: invocation.signal,
        onProgress: bar
          ? (done, all) => process.stderr.write(`\r\u001b[K${done} of ${all} entries`)
          : undefined,
      });
      if (bar) process.stderr.write('\r\u001b[K');
      invocation.output.document(result, () =>
        facts([
          ['written', `${result.file}${result.rehearsal ? '   [rehearsal]' : ''}`],
          ['entries', `${result.entries}${result.withheld ? ` (and ${result.withheld} as hashes)` : ''}`],
          ['root', result.rootHash],
          ['key', result.verifierKey],
        ]),
      );
      return exitCodes.done;
    }),
  );

  const verify = audit
    .command('verify [files...]')
    .description('verify exports; without a file: the ledger of this station')
    .option('--key <vkey>', "the station's verifier key, from somewhere else than the file")
    .option('--checkpoint <file...>', 'checkpoints from outside that the log must extend');
  action<VerifyOptions>(verify, async (invocation, options, files) => {
    const { verifyFile, verifyOwnLedger } = await import('../../station/verify-audit.ts');
    const trust = { key: options.key, checkpoints: options.checkpoint ?? [] };
    const looks =
      files.length === 0
        ? [withCore(invocation, core => verifyOwnLedger(core, trust))]
        : files.map(file => verifyFile(file, trust));
    const failures: ExitCode[] = [];
    const verdicts = [];
    for (const look of await Promise.allSettled(looks)) {
      // A file that cannot be read takes nothing from what is said of the others.
      if (look.status === 'rejected') {
        failures.push(reportFailure(invocation.output, look.reason));
        continue;
      }
      const verdict = look.value;
      verdicts.push(verdict);
      invocation.output.line(verdict, () =>
        verdict.ok
          ? facts([
              [`${verdict.level.toUpperCase()}`, verdict.file],
              ['  REHEARSAL', verdict.rehearsal ? 'nothing in it is production' : undefined],
              ['  origin', verdict.origin],
              [
                '  entries',
                `${verdict.entries}${verdict.withheld ? ` (and ${verdict.withheld} as hashes)` : ''}`,
              ],
              ['  root', verdict.rootHash],
              ['  key', verdict.verifierKey],
              ['  means', verdict.means],
            ])
          : facts([
              [verdict.problem === 'not-an-export' ? 'NOT AN EXPORT' : 'NOT INTACT', verdict.file],
              ['  first fault', verdict.problem],
              ['  at', verdict.place],
              ['  detail', verdict.detail],
            ]),
      );
    }
    if (!verdicts.every(verdict => verdict.ok)) return exitCodes.refused;
    return failures[0] ?? exitCodes.done;
  });
}
