import { type Command, Option } from 'commander';
import type { CertificateDebt } from '../../station/queue/queue.ts';
import { visibleText } from '../../station/quote-text.ts';
import { actAction } from '../acting.ts';
import { action, commandLineAccount, wholeNumber, withCore } from '../command-context.ts';
import { comparisonText } from '../comparison-text.ts';
import { exitCodes } from '../exit-code.ts';
import { facts, table } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { addPauseAndResume } from './pause-drain.ts';
import { addResolve } from './resolve-entry.ts';

const states = ['queued', 'sending', 'enrolled', 'conflict', 'quarantined', 'cancelled'] as const;

interface ListOptions {
  readonly state?: (typeof states)[number];
  readonly limit: number;
  readonly debt?: boolean;
}

export function addQueueCommands(program: Command): void {
  const queue = program.command('queue').description('what waits for DPS, is in conflict or set aside');

  const list = queue
    .command('list')
    .description('entries that are not settled yet, oldest first')
    .addOption(new Option('--state <state>', 'only these').choices([...states]))
    .addOption(
      new Option('--debt', 'devices whose EK certificate is not verified, instead of entries').conflicts(
        'state',
      ),
    )
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 100_000), 100);
  action<ListOptions>(list, async (invocation, options) =>
    withCore(invocation, async core => {
      const { listCertificateDebt, listQueue } = await import('../../station/queue/queue.ts');
      if (options.debt) {
        const debts = listCertificateDebt(core, options.limit);
        invocation.output.document({ debts }, () => describeDebts(debts));
        return exitCodes.done;
      }
      const entries = listQueue(core, { state: options.state, limit: options.limit });
      invocation.output.document({ entries }, () =>
        entries.length === 0
          ? 'nothing waits'
          : table([
              ['entry', 'operation', 'state', 'serial', 'registration id', 'tries', 'since', 'reason'],
              ...entries.map(entry => [
                entry.entryId,
                entry.operation,
                entry.state,
                entry.serial ?? '-',
                entry.registrationId,
                String(entry.attempts),
                new Date(entry.createdAt).toISOString(),
                entry.reason ?? (entry.waitsFor === null ? '' : `waits for ${entry.waitsFor}`),
              ]),
            ]),
      );
      return exitCodes.done;
    }),
  );

  const show = queue
    .command('show <entry>')
    .description('one entry beside what DPS has, why it stopped, and what can be decided');
  action(show, async (invocation, _options, [entryId]) =>
    withCore(invocation, async core => {
      const { showQueueEntry } = await import('../../station/queue/queue.ts');
      const { compareEntry } = await import('../../station/conflict-desk/compare-entry.ts');
      const entry = showQueueEntry(core, entryId!);
      const comparison = compareEntry(core, entryId!);
      const { cause, fields, decisions } = comparison;
      invocation.output.document({ ...entry, cause, fields, decisions }, () => {
        const list = facts([
          ['entry', entry.entryId],
          ['operation', entry.operation],
          ['state', entry.state],
          ['asked because', entry.because],
          ['waits for', entry.waitsFor],
          ['serial', entry.serial],
          ['registration id', entry.registrationId],
          ['for', entry.dpsHost ?? 'the DPS that is configured first'],
          ['tries', entry.attempts],
          ['reason', entry.reason],
          ['detail', typeof entry.detail === 'string' ? visibleText(entry.detail) : undefined],
          ['document', JSON.stringify(entry.document)],
        ]);
        return [list, comparisonText(comparison)].filter(Boolean).join('\n\n');
      });
      return exitCodes.done;
    }),
  );

  const retry = queue
    .command('retry [entries...]')
    .description('send entries in conflict or quarantine again; DPS is asked first, nothing is overwritten')
    .option('--all', 'all of them');
  action<{ readonly all?: boolean }>(retry, async (invocation, options, entries) =>
    withCore(invocation, async core => {
      if (entries.length === 0 && !options.all) throw new UsageError('name the entries, or use --all');
      const { retryAllEntries, retryEntries } = await import('../../station/queue/retry-entries.ts');
      const { output, signal } = invocation;
      const account = commandLineAccount();
      if (!options.all) retryEntries(core, entries, account);
      const retried = options.all ? await retryAllEntries(core, { account, signal }) : entries;
      output.document({ retried }, () => `${retried.length} back in the queue`);
      if (!options.all || !signal.aborted) return exitCodes.done;
      output.note('keyline: stopped; the others stay as they are');
      return exitCodes.unexpected;
    }),
  );
  addCancel(queue);
  addResolve(queue);
  addPauseAndResume(queue);
}

function addCancel(queue: Command): void {
  const cancel = queue
    .command('cancel <entries...>')
    .description('never send entries that were not sent yet, or that DPS has nothing of; the devices stay')
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction(cancel, async ({ core, act, args }) => {
    const { cancelEntries } = await import('../../station/queue/cancel-entry.ts');
    const cancelled = cancelEntries(core, args, act);
    return { document: { cancelled }, text: `${cancelled.length} cancelled` };
  });
}

function describeDebts(debts: readonly CertificateDebt[]): string {
  if (debts.length === 0) return 'no device is in certificate debt';
  return table([
    ['serial', 'product', 'certificate', 'registration id', 'recorded', 'device', 'why'],
    ...debts.map(debt => [
      debt.serial ?? '-',
      debt.product,
      debt.certificate,
      debt.registrationId,
      new Date(debt.recordedAt).toISOString(),
      debt.deviceId,
      debt.detail ?? '',
    ]),
  ]);
}
