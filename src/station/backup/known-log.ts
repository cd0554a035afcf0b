/**
 * Whether the log of a backup is one that this station itself signed. A backup proves itself with a key that comes with it: who
 * can write where backups lie could seal one in which they are a supervisor. What is asked is what never leaves the data directory:
 * the station's key, the ledgers that are or were here, and the checkpoints beside them.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Ledger } from '../../../db/ledger.ts';
import { openLedgerToRead } from '../../../db/ledger-file.ts';
import { stationKeyFromSecret } from '../../audit/station-key.ts';
import type { DataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';
import { checkpointFilesOf } from '../log/checkpoint-files.ts';
import { stationSecrets, verifierKeyOfLog } from '../log/identity.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { setAsideBeginning } from './set-aside.ts';

/**
 * @param copy verified; of its logs the one that it was written to last
 * @throws StationError `backup-unproved`
 */
export function refuseUnknownLog(copy: Ledger, directory: DataDirectory, secrets: SecretStore): void {
  if (isKnownLog(copy, directory, secrets)) return;
  throw new StationError('backup-unproved', `nothing here knows the log ${copy.logs.current()!.origin}`);
}

function isKnownLog(copy: Ledger, directory: DataDirectory, secrets: SecretStore): boolean {
  const { log_id: logId, origin } = copy.logs.current()!;
  const verifierKey = verifierKeyOfLog(copy, copy.logs.current()!);
  const isHeld = stationSecrets.some(name => {
    const secret = secrets.read(name);
    return (
      secret !== undefined && tried(() => stationKeyFromSecret(secret, origin).verifierKey === verifierKey)
    );
  });
  if (isHeld || ledgersIn(directory).some(file => tried(() => knows(file, logId, verifierKey)))) return true;
  const chain = keyChainOf({ ledger: copy }, logId);
  return checkpointFilesOf(directory.checkpointsDirectory, origin).some(({ note }) =>
    tried(() => chain.openCheckpoint(note) !== undefined),
  );
}

/** That of the station, and those that restores put aside. */
function ledgersIn({ path: root, ledgerFile }: DataDirectory): string[] {
  const aside = readdirSync(root).filter(name => name.startsWith(setAsideBeginning));
  return [ledgerFile, ...aside.map(name => path.join(root, name, path.basename(ledgerFile)))];
}

function knows(file: string, logId: string, verifierKey: string): boolean {
  const ledger = openLedgerToRead(file);
  try {
    const isThere = ledger?.logs.all().some(log => log.log_id === logId) === true;
    return isThere && keyChainOf({ ledger }, logId).keys.includes(verifierKey);
  } finally {
    ledger?.close();
  }
}

/** A ledger that is broken, or a key that is none, says nothing. */
function tried(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}
