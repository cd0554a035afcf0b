/**
 * What the last restore came to, as a small file of the data directory, so that it is told at the screen as well, whoever
 * restored and however: what the checkpoints outside prove to be missing is not to be overlooked (rule S4).
 */
import path from 'node:path';
import { z } from 'zod';
import type { DataDirectory } from '../data-directory.ts';
import { replaceFile } from '../export/write-once.ts';
import { readSmallFile } from '../read-small-file.ts';
import type { RestoreReport } from './restore-report.ts';

export const restoreRecordFile = 'restored.json';
const LARGEST_BYTES = 256 * 1024;

const recordSchema = z.object({
  /** Epoch milliseconds. */
  at: z.int(),
  /** Name of the backup. */
  backup: z.string(),
  /** RFC 3339. */
  madeAt: z.string(),
  /** Folder of the data directory with what was in the ledger's place; null: nothing was. */
  setAside: z.string().nullable(),
  devices: z.int(),
  previousOrigin: z.string(),
  /** Entries that the old log has in the backup. */
  entries: z.int(),
  origin: z.string(),
  verifierKey: z.string(),
  /** What checkpoints outside prove to be missing: the first and last index, after which time, by which file. */
  missing: z.array(
    z.object({
      origin: z.string(),
      first: z.int(),
      last: z.int(),
      since: z.string().nullable(),
      file: z.string(),
    }),
  ),
  /** Entries of the outbox that DPS is asked about before any is sent. */
  asked: z.int(),
  /** What a person has to give the station again. */
  needs: z.object({ pins: z.boolean(), dpsKey: z.boolean() }),
});

export type RestoreRecord = z.infer<typeof recordSchema>;

export function restoreRecordOf(report: RestoreReport): RestoreRecord {
  const { at, madeAt, devices, previousOrigin, entries, origin, verifierKey, asked, needs } = report;
  return {
    at,
    backup: path.basename(report.backup),
    madeAt,
    setAside: report.setAside === null ? null : path.basename(report.setAside),
    devices,
    previousOrigin,
    entries,
    origin,
    verifierKey,
    missing: report.missing.map(each => ({ ...each, file: path.basename(each.file) })),
    asked,
    needs,
  };
}

/** @returns undefined where nothing was ever restored here */
export function readRestoreRecord({ path: root }: Pick<DataDirectory, 'path'>): RestoreRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readSmallFile(path.join(root, restoreRecordFile), LARGEST_BYTES)));
  } catch {
    return undefined;
  }
}

export function recordRestore({ path: root }: Pick<DataDirectory, 'path'>, record: RestoreRecord): void {
  replaceFile(root, restoreRecordFile, `${JSON.stringify(record)}\n`);
}
