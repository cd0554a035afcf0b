/** One backup into the configured folder, with what came of it written down and the older ones beyond `keep` taken away. */
import path from 'node:path';
import { shiftAt } from '../clock/shift-start.ts';
import { StationError } from '../errors.ts';
import { describeFailure } from '../failure.ts';
import type { StationCore } from '../open-core.ts';
import { readBackupRecord, recordFault, recordGood } from './backup-record.ts';
import { keepNewest } from './list-backups.ts';
import { type BackupOrder, makeBackup } from './make-backup.ts';
import type { VerifiedBackup } from './verify-backup.ts';

const HOUR_MS = 3_600_000;
/** After one that failed. */
const RETRY_MS = HOUR_MS / 4;

/** Undefined where none is configured. */
export function backupFolder({
  configuration,
  directory,
}: Pick<StationCore, 'configuration' | 'directory'>): string | undefined {
  const { folder } = configuration.backup;
  return folder === undefined ? undefined : path.resolve(directory.path, folder);
}

/** @returns the backup, and the older ones that went. @throws as `makeBackup`, and has it on record */
export async function backUpAsConfigured(
  core: StationCore,
  options: Omit<BackupOrder, 'folder'> = {},
): Promise<VerifiedBackup & { readonly removed: readonly string[] }> {
  const folder = backupFolder(core);
  if (folder === undefined)
    throw new StationError('backup-folder-missing', 'no folder is configured for backups');
  const { at } = core.clock.read();
  try {
    const made = await makeBackup(core, { ...options, folder });
    recordGood(core.directory, { at, folder: made.folder });
    const removed = await keepNewest(made.folder, core.identity.stationId, core.configuration.backup.keep);
    return { ...made, removed };
  } catch (error) {
    // Asked to end, or another process makes one: that is no fault.
    const stopped = options.signal?.aborted === true;
    const elsewhere = error instanceof StationError && error.code === 'backup-elsewhere';
    if (!stopped && !elsewhere) {
      const { code, message } = describeFailure(error);
      recordFault(core.directory, { at, code, message: message.slice(0, 500) });
    }
    throw error;
  }
}

/** When the next one is due, epoch milliseconds: every so many hours, and when a shift has begun; null: none is configured. */
export function backupDue(core: Pick<StationCore, 'configuration' | 'directory' | 'clock'>): number | null {
  const { backup, station } = core.configuration;
  if (backup.folder === undefined) return null;
  const { good, fault } = readBackupRecord(core.directory);
  const now = core.clock.read().at;
  const after = fault === null || fault.at > now ? 0 : fault.at + RETRY_MS;
  // One from a time that is not yet: the clock went back.
  if (good === null || good.at > now) return Math.max(after, 0);
  const byHours = good.at + backup.everyHours * HOUR_MS;
  const shift = station.shifts === undefined ? Number.POSITIVE_INFINITY : shiftAt(now, station.shifts).since;
  const byShift = shift > good.at ? shift : Number.POSITIVE_INFINITY;
  return Math.max(after, Math.min(byHours, byShift));
}
