/** `backup`: one verified copy of the station now, those there are, or whether one is whole. */
import type { Command } from 'commander';
import { action, type Invocation, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { facts, table } from '../table.ts';
import { UsageError } from '../usage-error.ts';

interface BackupOptions {
  readonly out?: string;
  readonly list?: boolean;
  readonly verify?: string;
}

export function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description('make one verified copy of the station, without its secrets; the kiosk goes on')
    .option(
      '--out <folder>',
      'where it goes, and where --list looks (default: backup.folder of the configuration)',
    )
    .option('--list', 'list those there are, newest first')
    .option('--verify <backup>', 'say whether one is whole: its files, the ledger and its audit log');
  action<BackupOptions>(command, async (invocation, options) => {
    if (options.list && options.verify !== undefined)
      throw new UsageError('--list and --verify do not go together');
    if (options.verify !== undefined) return verify(invocation, options.verify);
    return options.list ? list(invocation, options.out) : make(invocation, options.out);
  });
}

async function make(invocation: Invocation, out: string | undefined): Promise<ExitCode> {
  return withCore(invocation, async core => {
    const { about, told } = await import('../backup-text.ts');
    const { backUpAsConfigured } = await import('../../station/backup/scheduled-backup.ts');
    const { makeBackup } = await import('../../station/backup/make-backup.ts');
    const { signal } = invocation;
    const made =
      out === undefined
        ? await backUpAsConfigured(core, { signal })
        : { ...(await makeBackup(core, { folder: out, signal })), removed: [] };
    const { folder, manifest, entries, pastCache, removed } = made;
    invocation.output.document({ ...told(folder, manifest), entries, pastCache, removed }, () =>
      facts([
        ...about(made),
        ...removed.map(each => ['taken away', each] as const),
        ['not in it', 'the secrets: station key, key for DPS, key of PINs and badges'],
      ]),
    );
    return exitCodes.done;
  });
}

async function list(invocation: Invocation, out: string | undefined): Promise<ExitCode> {
  return withCore(invocation, async core => {
    const { told } = await import('../backup-text.ts');
    const { StationError } = await import('../../station/errors.ts');
    const { listBackups } = await import('../../station/backup/list-backups.ts');
    const { backupFolder } = await import('../../station/backup/scheduled-backup.ts');
    const folder = out ?? backupFolder(core);
    if (folder === undefined)
      throw new StationError('backup-folder-missing', 'no folder is configured for backups');
    const backups = listBackups(folder, core.identity.stationId);
    invocation.output.document(
      {
        backups: backups.map(({ folder: each, manifest, fault }) =>
          manifest ? told(each, manifest) : { folder: each, fault },
        ),
      },
      () =>
        backups.length === 0
          ? `no backup of this station in ${folder}`
          : table(
              backups.map(({ folder: each, manifest, fault }) =>
                manifest
                  ? [manifest.madeAt, `${manifest.devices} devices`, `${manifest.size} entries`, each]
                  : ['CANNOT BE USED', '', '', fault!],
              ),
            ),
    );
    return exitCodes.done;
  });
}

async function verify(invocation: Invocation, backup: string): Promise<ExitCode> {
  const { about, told } = await import('../backup-text.ts');
  const { verifyBackup } = await import('../../station/backup/verify-backup.ts');
  const verified = await verifyBackup(backup, invocation.signal);
  const { folder, manifest, entries, pastCache } = verified;
  invocation.output.document({ ...told(folder, manifest), entries, pastCache }, () =>
    facts([['WHOLE', 'files, ledger and audit log are what the station wrote'], ...about(verified)]),
  );
  return exitCodes.done;
}
