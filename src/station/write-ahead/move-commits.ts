/**
 * Keeps the thread that serves the screens from what SQLite would have it do at every thousandth page: write those pages to
 * their places in the ledger and wait for the disk, some tens of milliseconds in which no key is answered and no TPM heard. A
 * thread does it instead, from when the log is so long for the first time. Should that one end, the station's own connection does, as soon as the log has grown large.
 */
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Ledger } from '../../../db/ledger.ts';
import type { MoverData } from './mover-thread.ts';

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './mover-thread.ts' : './move-commits.cjs';
const EVERY_MS = 1_000;
/** 256 MiB, which no line fills in a second. */
const OWN_PAGES = 16_384;
/** A thousand pages: a station that records less needs no thread. */
const WORTH_A_THREAD = 4 * 1024 * 1024;

export interface CommitMover {
  close(): Promise<void>;
}

export function startCommitMover(ledger: Ledger, { everyMs = EVERY_MS } = {}): CommitMover {
  ledger.leaveCommits(OWN_PAGES);
  const workerData: MoverData = { ledgerFile: ledger.path, everyMs };
  let thread: Worker | undefined;
  const timer = setInterval(() => {
    const log = statSync(`${ledger.path}-wal`, { throwIfNoEntry: false });
    if (!log || log.size < WORTH_A_THREAD) return;
    clearInterval(timer);
    thread = new Worker(new URL(threadFile, import.meta.url), { workerData });
    thread.unref();
    thread.on('error', () => {});
  }, everyMs).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await thread?.terminate();
    },
  };
}
