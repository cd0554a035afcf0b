/** The thread that makes one backup, with a core of its own, so that the one that serves the screen never waits. */
import { parentPort, workerData } from 'node:worker_threads';
import { openCore } from '../open-core.ts';
import { giveWayInThread } from '../thread/give-way.ts';
import { backUpAsConfigured } from './scheduled-backup.ts';

export interface BackupThreadData {
  readonly dataDirectory: string;
}

const stopping = new AbortController();
parentPort!.once('message', () => stopping.abort());

void backUp();

/** Bundled as CommonJS, which has no await outside of a function. */
async function backUp(): Promise<void> {
  giveWayInThread();
  const core = openCore({ dataDirectory: (workerData as BackupThreadData).dataDirectory });
  try {
    await backUpAsConfigured(core, { signal: stopping.signal });
  } catch {
    // It is on record, where `doctor` and `status` find it; the next try is due by that.
  } finally {
    core.close();
    parentPort!.close();
  }
}
