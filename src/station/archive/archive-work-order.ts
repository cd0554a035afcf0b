/**
 * Archives a closed work order (rules A1, O4): its entries are written to a file outside, an export of the log as any other;
 * the file is read back from its medium and verified; then one transaction puts on record which entries rest in it, together
 * with a checkpoint that signs this; and only then the ledger lets go of their bytes, slice by slice. Leaf hashes, rows,
 * serials and keys stay, so that roots, proofs and the judgement of duplicates are what they were. A crash at any point loses
 * nothing: a file without its record is one export more, a record without its end is gone on with.
 */
import { realpathSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { acquireFileLock } from '../../../db/file-lock.ts';
import type { ArchiveRow } from '../../../db/rows.ts';
import { AuditError } from '../../audit/errors.ts';
import { writeExport } from '../../audit/export/write-export.ts';
import { verifyExport } from '../../audit/verify/verify-export.ts';
import { type Act, allowed } from '../act.ts';
import { datedName } from '../clock/dated-name.ts';
import { StationError } from '../errors.ts';
import { readBackWord } from '../export/export-request.ts';
import { fillTree } from '../log/audit-tree.ts';
import { keepOutside } from '../log/keep-checkpoint.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { version } from '../version.ts';
import { workOrderId } from '../work-orders.ts';
import { fileFacts } from './archive-reader.ts';
import { type ArchivedEntries, readArchived } from './archived-entries.ts';
import { isLetGo, letGo } from './let-go.ts';
import { closedOrder, refuseUnsettledSince, type SettledOrder, settledOrder } from './settled-order.ts';

export const archiveLockFile = 'archive.lock';

export type ArchiveStep = 'write' | 'verify' | 'let-go';

export interface ArchiveRequest {
  readonly workOrder: string;
  /** Where the file goes, under a name that the station gives; must be there, and not in the data directory. */
  readonly folder: string;
  /** Also where devices are in certificate debt. */
  readonly acceptDebt?: boolean | undefined;
  readonly act: Act;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((step: ArchiveStep, done: number, all: number) => void) | undefined;
}

export interface ArchivedOrder {
  readonly workOrder: string;
  /** False where it was on record before, and only what was left to do was done. */
  readonly isNew: boolean;
  /** Its place; where nothing was left to do, the place that it would have here. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly origin: string;
  /** Entries of the log that the file covers; those that rest in it, the first and the last. */
  readonly size: number;
  readonly entries: number;
  readonly first: number;
  readonly last: number;
  /** Of how many the ledger let go now; and whether it has let go of all. */
  readonly letGo: number;
  readonly isWhole: boolean;
  readonly rehearsal: boolean;
  readonly readBack?: 'medium' | 'cache';
}

/**
 * @throws StationError `work-order-invalid`, `work-order-unknown`, `work-order-open`, `work-order-unsettled`, `work-order-in-debt`,
 *   `archive-folder`, `archive-file`, `archive-empty`, `archive-elsewhere`, `archive-outdated`, or with an `AccessRefusalCode`;
 *   AuditError; LedgerError
 */
export async function archiveWorkOrder(core: StationCore, request: ArchiveRequest): Promise<ArchivedOrder> {
  const order: Placed = {
    ...request,
    workOrder: workOrderId(request.workOrder),
    folder: folderOf(core, request.folder),
  };
  const lock = acquireFileLock(core.directory.path, archiveLockFile);
  if (!lock) throw new StationError('archive-elsewhere', 'the lock of archives is held');
  try {
    // Asked again in the transaction; here so that nobody writes a file for nothing.
    core.ledger.atOneMoment(() => void allowed(core, 'archive-work-order', order.act));
    const { closed_at } = closedOrder(core, order.workOrder);
    const before = await finishBefore(core, order);
    // Only what was opened and closed again has more to archive.
    if (before && before.madeAt >= closed_at) return before.archived;
    const settled = settledOrder(core, order.workOrder, order.acceptDebt ?? false);
    const written = await writeArchive(core, order);
    const row = putOnRecord(core, order, written, settled);
    return await finish(core, order, row, written);
  } finally {
    lock.release();
  }
}

interface Placed extends ArchiveRequest {
  /** Absolute. */
  readonly folder: string;
}

function folderOf(core: StationCore, given: string): string {
  const folder = path.resolve(given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new StationError('archive-folder', `${folder} is not there`);
  const inside = path.relative(realpathSync(core.directory.path), realpathSync(folder));
  if (inside === '' || !(inside.startsWith('..') || path.isAbsolute(inside)))
    throw new StationError('archive-folder', `${folder} is in the data directory`);
  return folder;
}

/** Archives of this order that are on record: what a crash left of their bytes goes, where the file is the one that was written. */
async function finishBefore(
  core: StationCore,
  order: Placed,
): Promise<{ readonly archived: ArchivedOrder; readonly madeAt: number } | undefined> {
  let last: { archived: ArchivedOrder; madeAt: number } | undefined;
  for (const row of core.ledger.archives.ofWorkOrder(order.workOrder)) {
    const file = path.join(order.folder, row.file);
    const isWhole = isLetGo(core.ledger, row);
    if (!isWhole && fileFacts(file).sha256 !== row.sha256)
      throw new StationError('archive-file', `${file} is not the file of the record (SHA-256 ${row.sha256})`);
    const archived = isWhole
      ? resultOf(core, row, { file, isNew: false, letGo: 0 })
      : await finish(core, order, row, { file, isNew: false });
    last = { archived, madeAt: row.made_at };
  }
  return last;
}

interface Written extends ArchivedEntries {
  readonly isNew: true;
  readonly file: string;
  readonly size: number;
  readonly logId: string;
  readonly verifierKey: string;
  readonly readBack?: 'medium' | 'cache';
}

/** A file that was read back from its medium and verified; none stays where it was not, or where nothing could rest in it. */
async function writeArchive(core: StationCore, order: Placed): Promise<Written> {
  const { ledger, identity, clock, rehearsal } = core;
  const { workOrder, folder, signal } = order;
  const { logId, origin, key, verifierKey } = identity;
  const size = ledger.audit.size(logId);
  const madeAt = clock.read().at;
  const file = path.join(folder, `${datedName('archive', madeAt, workOrder)}.jsonl`);
  const { readBack } = await writeExport(
    {
      origin,
      rehearsal,
      size,
      entries: entriesHere(core, logId, size),
      checkpoints: ledger.checkpoints.ofLog(logId).map(row => row.note),
      rotations: [...keyChainOf(core, logId).rotations.values()],
    },
    { format: 'jsonl', selection: { workOrder }, madeAt, keyline: version, key },
    file,
    { signal, onProgress: stepOf(order, 'write'), readBack: true },
  );
  try {
    order.onProgress?.('verify', 0, size);
    const verdict = await verifyExport(file, { key: verifierKey });
    if (!verdict.ok)
      throw new AuditError('export-differs', `${file}: ${verdict.detail} (${verdict.problem})`);
    const entries = await readArchived(ledger, logId, file, signal);
    if (entries.entries === 0)
      throw new StationError(
        'archive-empty',
        `the log has nothing of ${workOrder} that could rest elsewhere`,
      );
    order.onProgress?.('verify', size, size);
    return { ...entries, isNew: true, file, size, logId, verifierKey, ...readBackWord(readBack) };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** What rests in an earlier archive stays there: in this one, its leaf hash stands for it. */
function* entriesHere({ ledger }: StationCore, logId: string, size: number) {
  for (const { entry, leaf_hash } of ledger.audit.iterate(0, size, logId))
    yield { entry: entry.length > 0 ? entry : undefined, leaf_hash };
}

/** Nothing of it is there, or all of it: the entry, its checkpoint, the archive and its runs. */
function putOnRecord(core: StationCore, order: Placed, written: Written, settled: SettledOrder): ArchiveRow {
  const { ledger } = core;
  const { workOrder } = order;
  fillTree(ledger, written.logId);
  const { row, note } = ledger.transaction(() => {
    const { account, reason } = allowed(core, 'archive-work-order', order.act);
    const { identity } = core;
    if (identity.logId !== written.logId || identity.verifierKey !== written.verifierKey)
      throw new StationError(
        'archive-outdated',
        `${written.file} is of another log or key than the station’s`,
      );
    closedOrder(core, workOrder);
    refuseUnsettledSince(core, workOrder, settled);
    const { at } = core.clock.read();
    const { bytes, sha256, size, entries, runs, indexes, attempts } = written;
    const told = {
      file: path.basename(written.file),
      bytes,
      sha256,
      size,
      entries,
      first: runs[0]!.first,
      last: runs.at(-1)!.last,
    };
    const index = core.audit.append(identity, personOf(ledger, account, at), {
      type: 'archive',
      data: {
        workOrder,
        ...told,
        indexes,
        attempts,
        enrollments: settled.enrollments,
        ...(settled.inDebt === 0 ? {} : { certificateDebt: settled.inDebt }),
        because: reason,
      },
    });
    const archive: ArchiveRow = {
      log_id: written.logId,
      audit_index: index,
      work_order: workOrder,
      ...told,
      outbox_through: settled.outboxThrough,
      made_at: at,
    };
    ledger.archives.insert(archive, runs);
    // Without a signature that covers it, the schema lets nothing go.
    return { row: archive, note: core.audit.signHead(identity).note };
  });
  keepOutside(core, note);
  return row;
}

async function finish(
  core: StationCore,
  order: Placed,
  row: ArchiveRow,
  made: Pick<ArchivedOrder, 'file' | 'isNew' | 'readBack'>,
): Promise<ArchivedOrder> {
  order.onProgress?.('let-go', 0, row.entries);
  const { signal } = order;
  const gone = await letGo(core.ledger, row, { signal, onProgress: stepOf(order, 'let-go') });
  return resultOf(core, row, { ...made, letGo: gone });
}

function resultOf(
  { ledger, rehearsal }: StationCore,
  row: ArchiveRow,
  { file, isNew, letGo: gone, readBack }: Pick<ArchivedOrder, 'file' | 'isNew' | 'letGo' | 'readBack'>,
): ArchivedOrder {
  return {
    workOrder: row.work_order,
    isNew,
    file,
    sha256: row.sha256,
    bytes: row.bytes,
    origin: ledger.logs.all().find(log => log.log_id === row.log_id)!.origin,
    size: row.size,
    entries: row.entries,
    first: row.first,
    last: row.last,
    letGo: gone,
    isWhole: isLetGo(ledger, row),
    rehearsal,
    ...(readBack === undefined ? {} : { readBack }),
  };
}

function stepOf({ onProgress }: Placed, step: ArchiveStep) {
  return onProgress && ((done: number, all: number) => onProgress(step, done, all));
}
