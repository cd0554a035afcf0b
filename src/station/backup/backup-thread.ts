/** The thread that makes one backup, with a core of its own, so that the one that serves the screen never waits. */
import { parentPort, workerData } from 'node:worker_threads';
import { openCore } from '../open-core.ts';
import { backUpAsConfigured } from './scheduled-backup.ts';

export interface BackupThreadData {
  readonly dataDirectory: string;
}

export type FromBackupThread = { readonly made: string } | { readonly fault: string };

const stopping = new AbortController();
parentPort!.once('message', () => stopping.abort());

void backUp();

/** Bundled as CommonJS, which has no await outside of a function. */
async function backUp(): Promise<void> {
  const core = openCore({ dataDirectory: (workerData as BackupThreadData).dataDirectory });
  try {
    const { folder } = await backUpAsConfigured(core, { signal: stopping.signal });
    parentPort!.postMessage({ made: folder } satisfies FromBackupThread);
  } catch (error) {
    parentPort!.postMessage({ fault: (error as Error).message } satisfies FromBackupThread);
  } finally {
    core.close();
    parentPort!.close();
  }
}
