/** `restore`: goes on from a backup where the ledger is gone or broken, and says what is missing and what is next. */
import type { Command } from 'commander';
import type { RestoreReport } from '../../station/backup/restore-report.ts';
import { action } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

interface RestoreOptions {
  readonly checkpoints?: readonly string[];
  readonly setAside?: boolean;
}

export function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore <backup>')
    .description('go on from a backup, in a new log; what lies in the ledger’s place is kept beside it')
    .option('--checkpoints <folder...>', 'folders with checkpoints that were kept outside')
    .option('--set-aside', 'also where the ledger that is here is intact');
  action<RestoreOptions>(command, async (invocation, options, [backup]) => {
    const { restoreStation } = await import('../../station/backup/restore-station.ts');
    const report = await restoreStation({
      dataDirectory: invocation.dataDirectory,
      backup: backup!,
      checkpointFolders: options.checkpoints ?? [],
      setAsideIntact: options.setAside === true,
      signal: invocation.signal,
    });
    invocation.output.document(report, () => textOf(report));
    return exitCodes.done;
  });
}

function textOf(report: RestoreReport): string {
  const next = [
    ...(report.needs.pins
      ? [
          'Badges and PINs are void, their key was not in the backup. Give a supervisor a PIN: `keyline people set-pin ID`.',
        ]
      : []),
    ...(report.needs.dpsKey ? ['Give the station its key for DPS again: `keyline dps set-key`.'] : []),
    'Ask DPS what it has that this ledger does not know: `keyline sync --reconcile`.',
  ];
  return [
    facts([
      ['RESTORED', report.dataDirectory],
      ['REHEARSAL', report.rehearsal ? 'nothing in it is production' : undefined],
      ['from', `${report.backup}, made at ${report.madeAt}`],
      ['set aside', report.setAside],
      ['devices', report.devices],
      ['old log', `${report.previousOrigin}, ${report.entries} entries`],
      ['new log', report.origin],
      ['its key', report.verifierKey],
      ...report.missing.map(
        ({ origin, first, last, since, file }) =>
          [
            'MISSING',
            `entries ${first} to ${last} (${last - first + 1}) of ${origin}, all after ${since ?? 'its beginning'}; proved by ${file}`,
          ] as const,
      ),
      report.missing.length > 0
        ? ['', 'what was written after that checkpoint may be missing, too']
        : [
            'missing',
            'no checkpoint outside proves that anything is; whatever was recorded after the backup is not here',
          ],
      ['asked first', report.asked > 0 ? `${report.asked} entries that may have been sent since` : undefined],
      ['put back', report.putBack.join(', ') || undefined],
      ['stayed', report.stayed.join(', ') || undefined],
    ]),
    ...next.map(each => `→ ${each}`),
  ].join('\n');
}
