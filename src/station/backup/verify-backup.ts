/**
 * Whether a backup is whole: what it says of itself is sealed, every file is what was written, SQLite finds nothing wrong with
 * the ledger, and its logs verify with the tables beside them (rules A3, S4). Only what passed this is ever restored.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { integrityFaults } from '../../../db/ledger-copy.ts';
import { readBack } from '../../audit/read-back.ts';
import { StationError } from '../errors.ts';
import { readSmallFile } from '../read-small-file.ts';
import { verifyLedgerFile } from '../verify-ledger/verify-ledger-file.ts';
import {
  type BackupManifest,
  isSealed,
  LARGEST_MANIFEST_BYTES,
  ledgerFile,
  manifestFile,
  placeOf,
  readManifest,
} from './backup-manifest.ts';

export interface VerifiedBackup {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: BackupManifest;
  /** Entries in all of its logs, those that rest in archives too. */
  readonly entries: number;
  /** False where the system may have answered from its memory, not from the medium. */
  readonly pastCache: boolean;
}

/**
 * @param given the folder of a backup, or its manifest
 * @throws StationError `backup-unreadable`, and `backup-damaged` with what is wrong
 */
export async function verifyBackup(given: string, signal?: AbortSignal): Promise<VerifiedBackup> {
  const folder = path.resolve(path.basename(given) === manifestFile ? path.dirname(given) : given);
  const manifest = manifestIn(folder);
  return { folder, manifest, ...(await verifyContents(folder, manifest, signal)) };
}

/** @throws StationError `backup-unreadable`, `backup-damaged` */
export function manifestIn(folder: string): BackupManifest {
  const file = path.join(folder, manifestFile);
  if (!existsSync(file)) throw new StationError('backup-unreadable', `${folder} has no ${manifestFile}`);
  let text: string;
  try {
    text = readSmallFile(file, LARGEST_MANIFEST_BYTES);
  } catch (cause) {
    throw new StationError('backup-unreadable', `${file}: ${(cause as Error).message}`, { cause });
  }
  const manifest = readManifest(text);
  if (!manifest) throw damaged(folder, `${manifestFile} is not what a station wrote`);
  if (!isSealed(manifest)) throw damaged(folder, `${manifestFile} is not what its key sealed`);
  return manifest;
}

/** Of the folder by another name, too. @throws StationError `backup-damaged` */
export async function verifyContents(
  folder: string,
  manifest: BackupManifest,
  signal?: AbortSignal,
): Promise<Pick<VerifiedBackup, 'entries' | 'pastCache'>> {
  let pastCache = true;
  for (const file of manifest.files) {
    signal?.throwIfAborted();
    const seen = await readBack(placeOf(folder, file.path)).catch((cause: Error) => {
      throw damaged(folder, `${file.path}: ${cause.message}`, cause);
    });
    if (seen.bytes !== file.bytes || seen.sha256.toString('hex') !== file.sha256)
      throw damaged(folder, `${file.path} is not what was written`);
    pastCache &&= seen.pastCache;
  }
  const ledger = path.join(folder, ledgerFile);
  if (!manifest.files.some(file => file.path === ledgerFile))
    throw damaged(folder, `it has no ${ledgerFile}`);
  const [fault] = integrityFaults(ledger);
  if (fault !== undefined) throw damaged(folder, `${ledgerFile}: ${fault}`);
  signal?.throwIfAborted();
  const verdicts = await verifyLedgerFile(ledger, {});
  const bad = verdicts.find(verdict => !verdict.ok);
  if (bad && !bad.ok) {
    const place = bad.index === undefined ? '' : `entry ${bad.index}: `;
    throw damaged(folder, `${ledgerFile}: ${place}${bad.detail} (${bad.problem})`);
  }
  const last = verdicts.at(-1)!;
  if (!last.ok || last.origin !== manifest.origin || last.verifierKey !== manifest.verifierKey)
    throw damaged(folder, `${ledgerFile} is of another log than ${manifestFile} says`);
  if (last.size !== manifest.size)
    throw damaged(folder, `${ledgerFile} has ${last.size} entries, ${manifestFile} says ${manifest.size}`);
  return {
    entries: verdicts.reduce((sum, verdict) => sum + (verdict.ok ? verdict.size : 0), 0),
    pastCache,
  };
}

function damaged(folder: string, what: string, cause?: unknown): StationError {
  return new StationError('backup-damaged', `${folder}: ${what}`, { cause });
}
