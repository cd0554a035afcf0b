/** The thread that works on backups (`backup-work-thread.ts`), for whoever asks it. */
import { AskedThread } from '../thread/asked-thread.ts';
import type { BackupAsk, BackupProgress, BackupWorkData, Said } from './backup-work-thread.ts';

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './backup-work-thread.ts' : './backup-work.cjs';

/** What the thread said of what it was asked to do; no fault of the station. */
export class SaidByThread extends Error {
  readonly said: Said;
  constructor(said: Said) {
    super('refused');
    this.said = said;
  }
}

export function askBackupThread(
  dataDirectory: string,
  onProgress: (progress: BackupProgress) => void = () => undefined,
): AskedThread<BackupAsk, BackupProgress> {
  return new AskedThread({
    file: new URL(threadFile, import.meta.url),
    data: { dataDirectory } satisfies BackupWorkData,
    onProgress,
    refusal: (said: Said) => new SaidByThread(said),
  });
}
