/**
 * The thread that moves commits from the write-ahead log into the ledger, with a connection of its own (SQLite, Write-Ahead
 * Logging, section 2.1: a PASSIVE checkpoint holds up neither readers nor writers). What comes meanwhile is moved at once,
 * because only a log that is moved as a whole begins anew instead of growing.
 */
import { workerData } from 'node:worker_threads';
import { LedgerError } from '../../../db/errors.ts';
import { openLedger } from '../../../db/ledger-file.ts';

export interface MoverData {
  readonly ledgerFile: string;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
}

/** Behind a reader of an old moment nothing can be moved, however often it is tried. */
const TRIES = 5;

const { ledgerFile, everyMs } = workerData as MoverData;
const ledger = openLedger(ledgerFile);

function moveAll(): void {
  try {
    for (let tries = 0; tries < TRIES; tries += 1) if (ledger.moveCommits()) return;
  } catch (error) {
    // A full disk: who records says so, and moves by itself before the log grows much.
    if (!(error instanceof LedgerError)) throw error;
  }
}

setInterval(moveAll, everyMs);
