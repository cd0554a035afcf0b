/**
 * Notices that another process wrote to the ledger: SQLite's write-ahead log grows. The operating system tells; nothing
 * is polled. Several writes in a row are told once.
 */
import { watch } from 'node:fs';
import path from 'node:path';
import type { StationCore } from './open-core.ts';

const GATHER_MS = 200;

/** @returns the way to stop watching */
export function watchLedger(core: StationCore, onWrite: () => void): () => void {
  const wal = `${path.basename(core.directory.ledgerFile)}-wal`;
  let timer: NodeJS.Timeout | undefined;
  try {
    const watcher = watch(core.directory.path, { persistent: false }, (_event, name) => {
      if (name !== null && name !== wal) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        onWrite();
      }, GATHER_MS);
    });
    // Where watching breaks off, other processes' entries are still found at the next write of our own.
    watcher.on('error', () => watcher.close());
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch {
    return () => {};
  }
}
