/**
 * The thread that lists, makes, verifies and restores for the screens: a large ledger and a disk that does not answer hold up
 * nobody. It has no core of its own but while it makes one, because a restore needs that nobody has the ledger open.
 */
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import { LedgerError } from '../../../db/errors.ts';
import { dataDirectoryAt } from '../data-directory.ts';
import { StationError } from '../errors.ts';
import { openCore } from '../open-core.ts';
import { answerAsks, tellProgress } from '../thread/answer-asks.ts';
import { admitAtScreen, type RestoringHand } from './admit-restore.ts';
import { bytesOf } from './backup-manifest.ts';
import { type BackupFolder, lookInto } from './backup-rows.ts';
import { lookWhileStopped, type StoppedLook } from './look-while-stopped.ts';
import { proveBackup } from './prove-backup.ts';
import { type RestoreRecord, restoreRecordOf } from './restore-record.ts';
import { restoreStation } from './restore-station.ts';
import { backUpAsConfigured } from './scheduled-backup.ts';
import { verifyBackup } from './verify-backup.ts';

export interface BackupWorkData {
  readonly dataDirectory: string;
}

/** `place`: the folder of the backup. */
export type BackupAsk =
  | { readonly kind: 'list'; readonly folder: string; readonly stationId: string }
  | { readonly kind: 'make' }
  | { readonly kind: 'verify'; readonly place: string }
  /** Before the station is closed for a restore. */
  | { readonly kind: 'prove'; readonly place: string }
  | { readonly kind: 'look-while-stopped' }
  | {
      readonly kind: 'restore';
      readonly place: string;
      readonly setAsideIntact: boolean;
      readonly hand: RestoringHand;
    };

export interface MadeBackup {
  readonly name: string;
  readonly bytes: number;
  readonly entries: number;
  readonly removed: number;
  readonly readBack: 'medium' | 'cache';
}
export type VerifiedNow = Omit<MadeBackup, 'removed'>;
export type { BackupFolder, RestoreRecord, StoppedLook };

export interface BackupProgress {
  /** Of the copy, 0 to 1. */
  readonly share: number;
}

/** What is no fault of the station: its code and, in English, what it is about; `waitMs` with `sign-in-locked`. */
export type Said =
  | { readonly code: string; readonly detail: string; readonly waitMs?: number }
  | { readonly stopped: true };

const PROGRESS_EVERY_MS = 150;
const { dataDirectory } = workerData as BackupWorkData;
let stopping = new AbortController();

async function make(signal: AbortSignal): Promise<MadeBackup> {
  const core = openCore({ dataDirectory });
  try {
    let toldAt = 0;
    const onProgress = (share: number) => {
      const now = performance.now();
      if (share < 1 && now - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = now;
      tellProgress({ share } satisfies BackupProgress);
    };
    const made = await backUpAsConfigured(core, { signal, onProgress });
    return { ...told(made), removed: made.removed.length };
  } finally {
    core.close();
  }
}

function told({ folder, manifest, pastCache }: Awaited<ReturnType<typeof verifyBackup>>): VerifiedNow {
  return {
    name: path.basename(folder),
    bytes: bytesOf(manifest),
    entries: manifest.size,
    readBack: pastCache ? 'medium' : 'cache',
  };
}

async function restore(
  { place, setAsideIntact, hand }: Extract<BackupAsk, { kind: 'restore' }>,
  signal: AbortSignal,
): Promise<RestoreRecord> {
  const admit = admitAtScreen(dataDirectoryAt(dataDirectory), hand);
  const report = await restoreStation({ dataDirectory, backup: place, setAsideIntact, admit, signal });
  return restoreRecordOf(report);
}

function saidOf(error: unknown): Said | undefined {
  if (stopping.signal.aborted) return { stopped: true };
  if (!(error instanceof StationError || error instanceof LedgerError)) return undefined;
  const { code, message } = error;
  return { code, detail: message, ...('waitMs' in error && { waitMs: error.waitMs as number }) };
}

answerAsks<BackupAsk>({
  answer(ask) {
    stopping = new AbortController();
    const { signal } = stopping;
    switch (ask.kind) {
      case 'list':
        return lookInto(ask.folder, ask.stationId, dataDirectory);
      case 'make':
        return make(signal);
      case 'verify':
        return verifyBackup(ask.place, signal).then(told);
      case 'prove':
        return proveBackup(dataDirectory, ask.place, process.env, signal).then(told);
      case 'look-while-stopped':
        return lookWhileStopped(dataDirectory);
      case 'restore':
        return restore(ask, signal);
    }
  },
  refused: saidOf,
  stop: () => stopping.abort(),
});
