/** What became of the last backups, as a small file of the data directory: the ledger may be the very thing that fails. */
import path from 'node:path';
import { z } from 'zod';
import type { DataDirectory } from '../data-directory.ts';
import { replaceFile } from '../export/write-once.ts';
import { readSmallFile } from '../read-small-file.ts';

export const backupRecordFile = 'backups.json';
const LARGEST_BYTES = 64 * 1024;

const recordSchema = z.object({
  /** The newest one that was verified. */
  good: z.object({ at: z.int(), folder: z.string() }).nullable(),
  /** Since then, the last one that failed. */
  fault: z.object({ at: z.int(), code: z.string(), message: z.string() }).nullable(),
});

export type BackupRecord = z.infer<typeof recordSchema>;

export function readBackupRecord({ path: root }: DataDirectory): BackupRecord {
  try {
    return recordSchema.parse(JSON.parse(readSmallFile(path.join(root, backupRecordFile), LARGEST_BYTES)));
  } catch {
    return { good: null, fault: null };
  }
}

export function recordGood(directory: DataDirectory, good: NonNullable<BackupRecord['good']>): void {
  write(directory, { good, fault: null });
}

export function recordFault(directory: DataDirectory, fault: NonNullable<BackupRecord['fault']>): void {
  write(directory, { ...readBackupRecord(directory), fault });
}

function write({ path: root }: DataDirectory, record: BackupRecord): void {
  replaceFile(root, backupRecordFile, `${JSON.stringify(record)}\n`);
}
