/**
 * Keeps the thread that serves the screens from what SQLite would have it do at every thousandth page: write those pages to
 * their places in the ledger and wait for the disk, some tens of milliseconds in which no key is answered and no TPM heard. A
 * thread does it instead. Should that one end, the station's own connection does, as soon as the log has grown large.
 */
import { Worker } from 'node:worker_threads';
import type { Ledger } from '../../../db/ledger.ts';
import type { MoverData } from './mover-thread.ts';

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './mover-thread.ts' : './move-commits.cjs';
const EVERY_MS = 1_000;
/** 256 MiB, which no line fills in a second. */
const OWN_PAGES = 16_384;

export interface CommitMover {
  close(): Promise<void>;
}

export function startCommitMover(ledger: Ledger, { everyMs = EVERY_MS } = {}): CommitMover {
  ledger.leaveCommits(OWN_PAGES);
  const workerData: MoverData = { ledgerFile: ledger.path, everyMs };
  let thread: Worker | undefined;
  // Not among all that a start has to do.
  const timer = setTimeout(() => {
    thread = new Worker(new URL(threadFile, import.meta.url), { workerData });
    thread.unref();
    thread.on('error', () => {});
  }, everyMs).unref();
  return {
    close: async () => {
      clearTimeout(timer);
      await thread?.terminate();
    },
  };
}
