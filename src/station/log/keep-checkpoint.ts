/**
 * Makes a checkpoint of the audit log and keeps it outside the ledger as well (rule A2): in the station's folder, and in the
 * folder that witnesses share. A folder that cannot be written takes nothing from the checkpoint: `doctor` tells of it.
 */
import { LedgerError } from '../../../db/errors.ts';
import type { StationCore } from '../open-core.ts';
import { writeCheckpointFile } from './checkpoint-files.ts';
import { type CheckpointFolders, checkpointFolders } from './checkpoint-folders.ts';
import { keyChainOf } from './log-keys.ts';

export interface KeptCheckpoint {
  readonly origin: string;
  readonly size: number;
  /** Hex. */
  readonly rootHash: string;
  /** Signed note. */
  readonly note: string;
  readonly verifierKey: string;
  /** Files that hold it, and folders that could not take it, with the reason. */
  readonly files: readonly string[];
  readonly faults: readonly string[];
}

/** @param folders all that are configured where absent; one on a share may keep the caller waiting */
export function keepCheckpoint(
  core: StationCore,
  folders: CheckpointFolders = checkpointFolders(core),
): KeptCheckpoint {
  const { size, rootHash, note } = core.audit.checkpoint(() => core.identity);
  const { origin, verifierKey } = core.identity;
  return {
    origin,
    size,
    rootHash: rootHash.toString('hex'),
    note,
    verifierKey,
    ...keepOutside(core, note, folders),
  };
}

/** Where the log grew since the newest one; a fault of the ledger is for whoever records next, not for what ends here. */
export function keepCheckpointOfChange(
  core: StationCore,
  folders: CheckpointFolders = checkpointFolders(core),
): KeptCheckpoint | undefined {
  try {
    const { logId } = core.identity;
    const newest = core.ledger.checkpoints.latest(logId)?.size ?? 0;
    return newest < core.ledger.audit.size(logId) ? keepCheckpoint(core, folders) : undefined;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return undefined;
  }
}

/** One that was made already, such as an export's. */
export function keepOutside(
  core: StationCore,
  note: string,
  folders: CheckpointFolders = checkpointFolders(core),
): Pick<KeptCheckpoint, 'files' | 'faults'> {
  const keys = keyChainOf(core, core.identity.logId);
  const files: string[] = [];
  const faults: string[] = [];
  for (const folder of folders) {
    if (folder === undefined) continue;
    try {
      files.push(writeCheckpointFile(folder, note, { keys, now: core.clock.read().at }));
    } catch (error) {
      faults.push(`${folder}: ${(error as Error).message}`);
    }
  }
  return { files, faults };
}
