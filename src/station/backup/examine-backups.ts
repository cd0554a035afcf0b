/** `doctor` on backups: whether there is a schedule, whether the last one succeeded and lies on another disk, and is young enough. */
import { statSync } from 'node:fs';
import type { DoctorFinding } from '../doctor/doctor-finding.ts';
import { isOtherDevice } from '../export/export-medium.ts';
import type { StationCore } from '../open-core.ts';
import { readBackupRecord } from './backup-record.ts';
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
export function backupFault(core: Pick<StationCore, 'configuration' | 'directory' | 'clock'>): string | null {
  const due = backupDue(core);
  if (due === null) return null;
  const { good, fault } = readBackupRecord(core.directory);
  const since = good ? `the last good one is of ${new Date(good.at).toISOString()}` : 'there is no good one';
  if (fault)
    return `the backup of ${new Date(fault.at).toISOString()} failed: ${fault.message} (${fault.code}); ${since}`;
  if (good && core.clock.read().at > due + LATE_MS) return `a backup is overdue; ${since}`;
  return null;
}
