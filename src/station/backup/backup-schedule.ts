/** While a station runs: a backup when one is due (rule S4), in a thread, and in one process of several. */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { StationCore } from '../open-core.ts';
import type { BackupThreadData } from './backup-thread.ts';
import { backupDue } from './scheduled-backup.ts';

const LOOK_EVERY_MS = 60_000;

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './backup-thread.ts' : './backup.cjs';

export interface BackupSchedule {
  /** Ends one that is being made; nothing of it stays. */
  close(): Promise<void>;
}

export interface ScheduleOptions {
  readonly lookEveryMs?: number;
  /** One was made, or was not. */
  readonly onEnd?: () => void;
}

export function startBackups(core: StationCore, options: ScheduleOptions = {}): BackupSchedule {
  const { lookEveryMs = LOOK_EVERY_MS, onEnd = () => undefined } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const run = async () => {
    while (!signal.aborted) {
      const due = backupDue(core);
      if (due !== null && due <= core.clock.read().at) {
        await backUp(core.directory.path, signal);
        if (!signal.aborted) onEnd();
      }
      await pause(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async close() {
      ending.abort();
      await running;
    },
  };
}

/** What came of it is on record (`backup-record.ts`), where `doctor` and `status` find it. */
async function backUp(dataDirectory: string, signal: AbortSignal): Promise<void> {
  const workerData: BackupThreadData = { dataDirectory };
  const thread = new Worker(new URL(threadFile, import.meta.url), { workerData });
  thread.unref();
  const { promise, resolve } = Promise.withResolvers<void>();
  thread.once('exit', () => resolve());
  // A ledger that cannot be opened is for whoever records next.
  thread.once('error', () => resolve());
  const stop = () => thread.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  await promise;
  signal.removeEventListener('abort', stop);
}
