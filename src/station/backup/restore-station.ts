/**
 * Goes on from a backup where the ledger is gone or broken (rules A1, O3, S4): verifies the backup, begins a new log in the copy
 * that cites the old one's last checkpoint, and only then puts it in the ledger's place. What was queued may have been sent
 * since, so DPS is asked about it first. The station's own secrets stay where they are; a backup has none.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { LedgerError, type LedgerErrorCode } from '../../../db/errors.ts';
import type { Ledger } from '../../../db/ledger.ts';
import { openLedger, openLedgerToRead } from '../../../db/ledger-file.ts';
import { ownLedgerUse } from '../../../db/ledger-use.ts';
import { readBack } from '../../audit/read-back.ts';
import { syncDirectorySync } from '../../audit/sync-directory.ts';
import { signInSecret } from '../access/sign-in-key.ts';
import { systemClock } from '../clock/station-clock.ts';
import { type DataDirectory, prepareDataDirectory } from '../data-directory.ts';
import { dpsSecrets } from '../dps/dps-secrets.ts';
import { StationError } from '../errors.ts';
import { replaceFile } from '../export/write-once.ts';
import { AuditLog } from '../log/audit-log.ts';
import { identityOfLog, stationSecrets } from '../log/identity.ts';
import { keepCheckpoint } from '../log/keep-checkpoint.ts';
import { beginNewLog } from '../log/new-log.ts';
import { rolledBackTo } from '../log/outside-checkpoints.ts';
import { openCore } from '../open-core.ts';
import { openSecretStore } from '../secrets/open-secret-store.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { type BackupManifest, ledgerFile, placeOf } from './backup-manifest.ts';
import { missingEntries } from './missing-entries.ts';
import { refuseContradicted } from './prove-backup.ts';
import { recordRestore, restoreRecordOf } from './restore-record.ts';
import type { RestoreReport } from './restore-report.ts';
import { type RestoredFiles, restoredFiles } from './restored-files.ts';
import { putLedgerInPlace } from './set-aside.ts';
import { verifyBackup } from './verify-backup.ts';

/** In the data directory, while a ledger is made ready; what a crash left goes with the next restore. */
const STAGING = 'restoring-';

type Environment = Readonly<Record<string, string | undefined>>;

export interface RestoreOrder {
  readonly dataDirectory: string;
  /** Folder of the backup. */
  readonly backup: string;
  /** Folders with checkpoints from outside, besides those of the configuration. */
  readonly checkpointFolders?: readonly string[];
  /** Also where the ledger that is here is intact. */
  readonly setAsideIntact?: boolean;
  /**
   * Whose act it is, asked of the verified copy before anything of the station is changed; what it throws ends the restore.
   * Absent: that of whoever may run the command line.
   */
  readonly admit?: ((copy: Ledger, secrets: SecretStore) => Promise<RestoredBy>) | undefined;
  readonly env?: Environment;
  readonly signal?: AbortSignal | undefined;
}

export interface RestoredBy {
  /** As `people.ts` knows accounts. */
  readonly account: string;
  readonly reason: string;
}

/**
 * @throws StationError `backup-unreadable`, `backup-damaged`, `station-in-use`, `restore-over-ledger`; LedgerError; and where the
 *   backup is in its place, but the station cannot be opened with it, StationError `restored-unopened`
 */
export async function restoreStation(order: RestoreOrder): Promise<RestoreReport> {
  const env = order.env ?? process.env;
  const verified = await verifyBackup(order.backup, order.signal);
  const directory = prepareDataDirectory(order.dataDirectory);
  const use = ownLedgerUse(directory.path);
  if (!use) throw new StationError('station-in-use', `a process has the ledger in ${directory.path} open`);
  let staged: Staged;
  let setAside: string | undefined;
  try {
    if (!order.setAsideIntact) refuseIntact(directory.ledgerFile);
    for (const name of readdirSync(directory.path).filter(each => each.startsWith(STAGING)))
      rmSync(path.join(directory.path, name), { recursive: true });
    const staging = mkdtempSync(path.join(directory.path, STAGING));
    try {
      staged = await stage({ ...order, env, directory, staging, ...verified });
      order.signal?.throwIfAborted();
      putBackFiles(verified.folder, directory, staged.files.putBack);
      setAside = putLedgerInPlace(staged.file, directory.ledgerFile, systemClock().read().at);
    } finally {
      rmSync(staging, { recursive: true, force: true });
      syncDirectorySync(directory.path);
    }
  } finally {
    use.release();
  }
  try {
    return reportOf(order, env, verified.manifest, { ...staged, setAside: setAside ?? null });
  } catch (cause) {
    throw new StationError('restored-unopened', (cause as Error).message, { cause });
  }
}

interface Staging {
  readonly env: Environment;
  readonly directory: DataDirectory;
  readonly staging: string;
  readonly folder: string;
  readonly manifest: BackupManifest;
  readonly checkpointFolders?: readonly string[];
  readonly admit?: RestoreOrder['admit'];
}

interface Staged {
  readonly file: string;
  readonly asked: number;
  readonly needs: RestoreReport['needs'];
  readonly files: RestoredFiles;
}

/** Makes the ledger ready beside its place. Nothing of the station is changed but that a key for the new log is prepared. */
async function stage(parts: Staging): Promise<Staged> {
  const { directory, staging, folder, manifest, env } = parts;
  const file = path.join(staging, ledgerFile);
  await copyVerified(path.join(folder, ledgerFile), file, manifest);
  const files = restoredFiles(directory, parts, parts.checkpointFolders);
  const secrets = openSecretStore(directory.secretsDirectory, {
    env,
    rehearsal: manifest.rehearsal,
    stationKey: stationSecrets[0]!,
  });
  const clock = systemClock();
  const ledger = openLedger(file);
  try {
    const by = await parts.admit?.(ledger, secrets);
    settleOldKey(directory.ledgerFile, secrets);
    refuseContradicted(ledger, files.outside);
    const outside = files.outside
      .flatMap(each => rolledBackTo(ledger, each) ?? [])
      .toSorted((a, b) => b.head.size - a.head.size)[0];
    const audit = new AuditLog(ledger, clock, manifest.rehearsal);
    beginNewLog(
      { ledger, secrets, audit, clock, env },
      { because: 'restored', after: manifest.logId, outsideCheckpoint: outside?.note, by },
    );
    const pins = ledger.persons.signingIn().length > 0 && secrets.read(signInSecret) === undefined;
    const asked = ledger.transaction(() => {
      // Hashed with a key that is gone: kept, they would only lock everybody out.
      if (pins) ledger.persons.forgetSignIns();
      ledger.outbox.countAsSent();
      // Where a courier carries them, the receiving station asks; here nobody could.
      const byCourier = ledger.courierPeers.all().some(peer => peer.takes === 'receipts');
      return byCourier ? 0 : ledger.outbox.assumeSent(clock.read().at);
    });
    ledger.walCheckpoint();
    const dpsKey = Object.values(dpsSecrets).every(name => secrets.read(name) === undefined);
    return { file, asked, needs: { pins, dpsKey }, files };
  } finally {
    ledger.close();
  }
}

async function copyVerified(from: string, to: string, manifest: BackupManifest): Promise<void> {
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  const { sha256 } = await readBack(to);
  const expected = manifest.files.find(each => each.path === ledgerFile)!.sha256;
  if (sha256.toString('hex') !== expected)
    throw new StationError('backup-damaged', `${from} is not any more what was verified`);
}

/** A ledger that opens and that SQLite finds nothing wrong with is not put away by itself. @throws StationError */
function refuseIntact(file: string): void {
  if (!existsSync(file)) return;
  let old: Ledger | undefined;
  try {
    // None comes of one by an earlier Keyline: that is no damage.
    old = openLedgerToRead(file);
    if (old && (old.logs.current() === undefined || old.quickCheck().length > 0)) return;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    if (broken.has(error.code)) return;
    throw new StationError('restore-over-ledger', `${file}: ${error.message}`, { cause: error });
  } finally {
    old?.close();
  }
  throw new StationError('restore-over-ledger', `${file} is there and intact`);
}

/** Of what can keep a ledger from being opened. One of a newer Keyline, or that another user owns, is none the worse for it. */
const broken: ReadonlySet<LedgerErrorCode> = new Set([
  'not-a-file',
  'not-sqlite',
  'not-a-ledger',
  'corrupt',
  'io',
]);

/** A key exchange that a crash cut short is ended first: the place of the next key is needed. */
function settleOldKey(file: string, secrets: SecretStore): void {
  if (!existsSync(file)) return;
  const old = quietly(() => openLedgerToRead(file));
  quietly(() => old && identityOfLog(old, secrets, old.logs.current()!));
  old?.close();
}

/** What a broken ledger says is no reason to stop: it is why this is done. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function putBackFiles(backup: string, directory: DataDirectory, files: readonly string[]): void {
  for (const file of files) {
    const place = placeOf(directory.path, file);
    mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
    replaceFile(path.dirname(place), path.basename(place), readFileSync(placeOf(backup, file)));
  }
}

function reportOf(
  { dataDirectory, backup }: RestoreOrder,
  env: Environment,
  manifest: BackupManifest,
  { asked, needs, files, setAside }: Staged & { readonly setAside: string | null },
): RestoreReport {
  const core = openCore({ dataDirectory, env });
  try {
    keepCheckpoint(core);
    const { origin, verifierKey } = core.identity;
    const report = {
      at: core.clock.read().at,
      backup: path.resolve(backup),
      madeAt: manifest.madeAt,
      dataDirectory: core.directory.path,
      setAside,
      rehearsal: core.rehearsal,
      devices: core.ledger.counts.devices(),
      previousOrigin: manifest.origin,
      entries: manifest.size,
      origin,
      verifierKey,
      missing: missingEntries(core.ledger, files.outside),
      asked,
      putBack: files.putBack,
      stayed: files.stayed,
      needs,
    };
    // It is done, and told to whoever asked, even where the screen will not know of it.
    quietly(() => recordRestore(core.directory, restoreRecordOf(report)));
    return report;
  } finally {
    core.close();
  }
}
