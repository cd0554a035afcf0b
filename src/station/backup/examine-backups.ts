/** `doctor` on backups: whether there is a schedule, whether the last one succeeded and lies on another disk, and is young enough. */
import { statSync } from 'node:fs';
import type { DoctorFinding } from '../doctor/doctor-finding.ts';
import { isOtherDevice } from '../export/export-medium.ts';
import type { StationCore } from '../open-core.ts';
import { readBackupRecord } from './backup-record.ts';
import type { BackupTrouble } from './backup-view.ts';
import { backupDue, backupFolder } from './scheduled-backup.ts';

const check = 'backups';
/** A station that is switched off at night makes its backup in the morning. */
const LATE_MS = 24 * 3_600_000;

export function examineBackups(core: StationCore): DoctorFinding {
  const folder = backupFolder(core);
  if (folder === undefined)
    return {
      check,
      state: 'notice',
      found: 'none are made by themselves',
      remedy:
        'Name a folder on another disk as backup.folder, or make one now and then: `keyline backup --out FOLDER`.',
    };
  const fault = backupFault(core);
  if (fault !== null)
    return {
      check,
      state: 'bad',
      kind: 'ledger',
      found: fault,
      remedy: 'Mend what is said, then make one now: `keyline backup`.',
    };
  const { good } = readBackupRecord(core.directory);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return {
      check,
      state: 'bad',
      kind: 'usage',
      found: `${folder} is not there`,
      remedy: 'Connect the disk, or mend backup.folder.',
    };
  if (!good) return { check, state: 'notice', found: 'none yet', remedy: 'Make one now: `keyline backup`.' };
  const found = `${good.folder}, verified`;
  return isOtherDevice(core.directory.path, good.folder)
    ? { check, state: 'good', found }
    : {
        check,
        state: 'notice',
        found: `${found}, on the disk of the station itself`,
        remedy: 'When that disk dies both are gone. Name a folder on another disk as backup.folder.',
      };
}

/** Why the last one failed, or that one is overdue, in words; null: nothing is wrong, or none are configured. */
export function backupFault(core: Scheduled): string | null {
  const trouble = backupTrouble(core);
  if (!trouble) return null;
  const since =
    trouble.good === null
      ? 'there is no good one'
      : `the last good one is of ${new Date(trouble.good).toISOString()}`;
  if (trouble.kind === 'overdue') return `a backup is overdue; ${since}`;
  const { at, code, message } = readBackupRecord(core.directory).fault!;
  return `the backup of ${new Date(at).toISOString()} failed: ${message} (${code}); ${since}`;
}

/** Undefined: nothing is wrong, or none are configured. */
export function backupTrouble(core: Scheduled): BackupTrouble | undefined {
  const due = backupDue(core);
  if (due === null) return undefined;
  const { good, fault } = readBackupRecord(core.directory);
  if (fault) return { kind: 'failed', good: good?.at ?? null };
  const late = good && core.clock.read().at > due + LATE_MS;
  return late ? { kind: 'overdue', good: good.at } : undefined;
}

type Scheduled = Pick<StationCore, 'configuration' | 'directory' | 'clock'>;
