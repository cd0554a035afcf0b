import type { Command } from 'commander';
import type { SyncReport } from '../../station/drain/drain-outbox.ts';
import { action, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { addActingOption } from '../sign-in.ts';
import { facts } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import type { ReconcileOptions } from './reconcile.ts';

interface Options extends ReconcileOptions {
  readonly once?: boolean;
  readonly watch?: boolean;
  readonly reconcile?: boolean;
}

export function addSyncCommand(program: Command): void {
  const command = program
    .command('sync')
    .description('drain the outbox to DPS')
    .option('--once', 'end when nothing is due (default)')
    .option('--watch', 'stay, and send as entries come and the connection allows')
    .option('--reconcile', 'send nothing; compare all that DPS holds with the ledger, and say what to do')
    .option(
      '--apply <kinds>',
      'with --reconcile, put right through the outbox: missing, changed, not-acknowledged, not-deleted (comma between)',
    )
    .option('--reason <text>', 'with --apply, goes into the audit', 'reconciliation');
  addActingOption(command);
  action<Options>(command, async (invocation, options) => {
    if ([options.once, options.watch, options.reconcile].filter(Boolean).length > 1)
      throw new UsageError('choose --once, --watch or --reconcile');
    if (options.apply !== undefined && !options.reconcile) throw new UsageError('--apply needs --reconcile');
    if (options.as !== undefined && options.apply === undefined) throw new UsageError('--as needs --apply');
    if (options.reconcile) {
      const { runReconcile } = await import('./reconcile.ts');
      return runReconcile(invocation, options);
    }
    return withCore(invocation, async core => {
      const { output, signal } = invocation;
      if (options.watch) {
        const { watchOutbox } = await import('../../station/drain/watch-outbox.ts');
        await watchOutbox(core, {
          signal,
          onChange: change =>
            output.line(
              change,
              () =>
                `${new Date(change.at).toISOString()}  ${change.state}${change.host ? `  ${change.host}` : ''}${change.code ? `  ${change.code}` : ''}  ${change.queued} waiting`,
            ),
        });
        return exitCodes.done;
      }
      const { drainOutboxOnce } = await import('../../station/drain/drain-outbox.ts');
      const { ProgressLine } = await import('../progress-line.ts');
      const line =
        process.stderr.isTTY && !output.json
          ? new ProgressLine({ to: process.stderr, done: 'enrolled' })
          : undefined;
      const report = await drainOutboxOnce(core, {
        signal,
        onProgress: line ? (done, left) => line.show(done, left) : undefined,
      }).finally(() => line?.end());
      output.document(report, () => describe(report));
      if (signal.aborted && report.remaining > 0)
        return stoppedEarly(output, `${report.remaining} entries wait`);
      if (report.stopped) {
        const { kindOfDpsError } = await import('../../station/failure.ts');
        return exitCodes[kindOfDpsError(report.stopped.code)];
      }
      return report.conflicts + report.quarantined > 0 ? exitCodes.refused : exitCodes.done;
    });
  });
}

/** Ctrl+C or SIGTERM before the end: not done, and not a fault either. */
function stoppedEarly(output: Output, left: string): ExitCode {
  output.note(`keyline: stopped before the end; ${left}`);
  return exitCodes.unexpected;
}

const forPerson =
  '`keyline queue list` names what waits for a person, `keyline queue show ENTRY` says why and what can be decided.';

function describe(report: SyncReport): string {
  const list = facts([
    ['enrolled', report.enrolled],
    ['changed', report.changed || undefined],
    ['conflict', report.conflicts || undefined],
    ['set aside', report.quarantined || undefined],
    ['still waiting', report.remaining],
    ['for a person', report.forPerson || undefined],
  ]);
  const { stopped } = report;
  return [
    list,
    ...(report.forPerson > 0 ? [forPerson] : []),
    ...(stopped ? [`stopped: ${stopped.hint}\n  (${stopped.code})`] : []),
  ].join('\n');
}
