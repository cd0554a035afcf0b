/**
 * Gives the disk the room that archived entries left in the ledger's file. SQLite keeps such room within its pages, where nothing
 * that comes later fits; so the file is written anew, while no other process of the station runs.
 */
import { statfsSync, statSync } from 'node:fs';
import { openLedger } from '../../../db/ledger-file.ts';
import { ownLedgerUse } from '../../../db/ledger-use.ts';
import { prepareDataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';

/** @throws StationError `station-in-use`, `compact-no-room`; LedgerError: then the ledger is what it was */
export function compactLedger(dataDirectory: string): {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
} {
  const { path: directory, ledgerFile } = prepareDataDirectory(dataDirectory);
  const use = ownLedgerUse(directory);
  if (!use) throw new StationError('station-in-use', `a process has the ledger in ${directory} open`);
  try {
    const ledger = openLedger(ledgerFile);
    try {
      ledger.walCheckpoint();
      const bytesBefore = statSync(ledgerFile).size;
      const { bavail, bsize } = statfsSync(directory);
      if (bavail * bsize < bytesBefore)
        throw new StationError(
          'compact-no-room',
          `${bytesBefore} bytes are needed, ${bavail * bsize} are free`,
        );
      ledger.compact();
      return { bytesBefore, bytesAfter: statSync(ledgerFile).size };
    } finally {
      ledger.close();
    }
  } finally {
    use.release();
  }
}
