/**
 * Whether this station would go on from a backup, as far as that can be told while it still runs (rules A2, S4): the backup is
 * whole, of a log that the station itself signed, and no checkpoint outside contradicts it. A restore asks the same of its own copy.
 */
import path from 'node:path';
import type { Ledger } from '../../../db/ledger.ts';
import { openLedgerToRead } from '../../../db/ledger-file.ts';
import { dataDirectoryAt } from '../data-directory.ts';
import { words } from '../doctor/examine-checkpoints.ts';
import { StationError } from '../errors.ts';
import { stationSecrets } from '../log/identity.ts';
import { lookOutside } from '../log/outside-checkpoints.ts';
import { openSecretStore } from '../secrets/open-secret-store.ts';
import { ledgerFile } from './backup-manifest.ts';
import { refuseUnknownLog } from './known-log.ts';
import { restoredFiles } from './restored-files.ts';
import { type VerifiedBackup, verifyBackup } from './verify-backup.ts';

/** @throws StationError `backup-unreadable`, `backup-damaged`, `backup-unproved` */
export async function proveBackup(
  dataDirectory: string,
  place: string,
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<VerifiedBackup> {
  const verified = await verifyBackup(place, signal);
  const directory = dataDirectoryAt(dataDirectory);
  const { outside } = restoredFiles(directory, verified);
  // One of an earlier schema, or that cannot be read where it lies, the restore alone can ask.
  const ledger = openLedgerToRead(path.join(verified.folder, ledgerFile));
  try {
    if (!ledger) return verified;
    const { rehearsal } = verified.manifest;
    const secrets = openSecretStore(directory.secretsDirectory, {
      env,
      rehearsal,
      stationKey: stationSecrets[0]!,
    });
    refuseUnknownLog(ledger, directory, secrets);
    refuseContradicted(ledger, outside);
  } finally {
    ledger?.close();
  }
  return verified;
}

/** @throws StationError `backup-damaged` where a checkpoint has the same entries and another root */
export function refuseContradicted(ledger: Ledger, outside: readonly string[]): void {
  const contradicted = outside
    .flatMap(folder => lookOutside(ledger, folder).contradictions)
    .find(({ kind, onRecord }) => kind === 'changed' && !onRecord);
  if (contradicted) throw new StationError('backup-damaged', words(contradicted));
}
