/**
 * An open ledger: its tables, and the one way to write to it. A transaction takes the write lock at once (BEGIN
 * IMMEDIATE), so what it reads stays true until it commits (rule H6), and it is on disk when it returns (rules H5, O1).
 */
import { setTimeout } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { ArchiveTable } from './archive.ts';
import { ArchivedRows } from './archived-rows.ts';
import { AuditEntryTable } from './audit-entry.ts';
import { AuditJoin } from './audit-join.ts';
import { AuditMentions } from './audit-mentions.ts';
import { CheckpointTable } from './checkpoint.ts';
import { CountTable } from './count.ts';
import { CourierPackedTable } from './courier-packed.ts';
import { CourierPeerTable } from './courier-peer.ts';
import { CourierTakenTable } from './courier-taken.ts';
import { DeviceTable } from './device.ts';
import { DeviceIndex } from './device-index.ts';
import { DeviceLists } from './device-list.ts';
import { DeviceSearch } from './device-search.ts';
import { DpsContactTable } from './dps-contact.ts';
import { DrainPauseTable } from './drain-pause.ts';
import { LedgerError } from './errors.ts';
import { GoldenCheckTable } from './golden-check.ts';
import { HarvestTable } from './harvest.ts';
import { LogTable } from './log.ts';
import { LogKeyTable } from './log-key.ts';
import { LogMachineTable } from './log-machine.ts';
import { LotDevices } from './lot-devices.ts';
import { LotHistory } from './lot-history.ts';
import { schemaVersionOf } from './migrations.ts';
import { OutboxTable } from './outbox.ts';
import { PersonTable } from './person.ts';
import { busyTimeoutMs } from './pragmas.ts';
import type { LedgerRow } from './rows.ts';
import { RunNoteTable } from './run-note.ts';
import { speakingLedger } from './sqlite-failure.ts';
import { SubtreeTable } from './subtree.ts';
import { WorkOrderTable } from './work-order.ts';

const patienceMs = 60_000;
const mostBetweenLooksMs = 10;

/** A function whose result is awaited would leave the lock open over someone else's turn: not accepted. */
export type NoPromise<T> = T extends PromiseLike<unknown> ? never : T;

export class Ledger {
  /** Absolute path of the file. */
  readonly path: string;
  readonly identity: LedgerRow;
  readonly schema: number;
  readonly logs: LogTable;
  readonly logKeys: LogKeyTable;
  readonly logMachines: LogMachineTable;
  readonly audit: AuditEntryTable;
  readonly auditMentions: AuditMentions;
  readonly subtrees: SubtreeTable;
  readonly checkpoints: CheckpointTable;
  readonly archives: ArchiveTable;
  readonly archivedRows: ArchivedRows;
  readonly persons: PersonTable;
  readonly harvests: HarvestTable;
  readonly goldenChecks: GoldenCheckTable;
  readonly devices: DeviceTable;
  readonly deviceIndex: DeviceIndex;
  readonly deviceSearch: DeviceSearch;
  readonly deviceLists: DeviceLists;
  readonly lotDevices: LotDevices;
  readonly lotHistory: LotHistory;
  readonly outbox: OutboxTable;
  readonly runNotes: RunNoteTable;
  readonly dpsContacts: DpsContactTable;
  readonly drainPause: DrainPauseTable;
  readonly workOrders: WorkOrderTable;
  readonly courierPeers: CourierPeerTable;
  readonly courierPacked: CourierPackedTable;
  readonly courierTaken: CourierTakenTable;
  readonly counts: CountTable;
  readonly #db: Database.Database;
  readonly #transaction: Database.Transaction<(work: () => unknown) => unknown>;

  constructor(db: Database.Database, path: string, identity: LedgerRow) {
    this.#db = db;
    this.#transaction = db.transaction(work => work());
    this.path = path;
    this.identity = identity;
    this.schema = schemaVersionOf(db);
    this.logs = new LogTable(db);
    this.logKeys = new LogKeyTable(db);
    this.logMachines = new LogMachineTable(db);
    this.audit = new AuditEntryTable(db);
    this.auditMentions = new AuditMentions(db);
    this.subtrees = new SubtreeTable(db);
    this.checkpoints = new CheckpointTable(db);
    this.archives = new ArchiveTable(db);
    this.archivedRows = new ArchivedRows(db);
    this.persons = new PersonTable(db);
    this.harvests = new HarvestTable(db);
    this.goldenChecks = new GoldenCheckTable(db);
    this.devices = new DeviceTable(db);
    this.deviceIndex = new DeviceIndex(db);
    this.deviceSearch = new DeviceSearch(db);
    this.deviceLists = new DeviceLists(db);
    this.lotDevices = new LotDevices(db);
    this.lotHistory = new LotHistory(db);
    this.outbox = new OutboxTable(db);
    this.runNotes = new RunNoteTable(db);
    this.dpsContacts = new DpsContactTable(db);
    this.drainPause = new DrainPauseTable(db);
    this.workOrders = new WorkOrderTable(db);
    this.courierPeers = new CourierPeerTable(db);
    this.courierPacked = new CourierPackedTable(db);
    this.courierTaken = new CourierTakenTable(db);
    this.counts = new CountTable(db);
  }

  /**
   * Runs `work` whole or not at all. What `work` throws comes out unchanged after everything was undone.
   * @throws LedgerError where the ledger could not be read or written; nothing of it stays
   */
  transaction<T>(work: () => NoPromise<T>): T {
    if (this.#db.inTransaction) throw new Error('transactions do not nest: a half of one could be kept');
    return speakingLedger(() => this.#transaction.immediate(work)) as T;
  }

  /**
   * Runs `work`, which writes, once nobody else does; again from its beginning as long as somebody is in its way. For what can wait and
   * must not be lost: those who record one after the other free the lock for moments, and SQLite, which looks for it ten times a
   * second and tells no one whose turn it is, may miss each of them. The thread is free between two looks.
   * @throws LedgerError as `transaction` does; `busy` after a minute
   */
  async whenFree<T>(work: () => NoPromise<T>): Promise<T> {
    for (
      const end = performance.now() + patienceMs;
      ;
      await setTimeout(1 + Math.random() * mostBetweenLooksMs)
    ) {
      try {
        this.#db.pragma('busy_timeout = 0');
        return work();
      } catch (error) {
        if (!(error instanceof LedgerError && error.code === 'busy') || performance.now() >= end) throw error;
      } finally {
        this.#db.pragma(`busy_timeout = ${busyTimeoutMs}`);
      }
    }
  }

  /** For holding the tables against the log, once for a connection. */
  auditJoin(): AuditJoin {
    return speakingLedger(() => new AuditJoin(this.#db));
  }

  /** What `work` reads is all of one moment, whatever others write meanwhile. */
  async reading<T>(work: () => Promise<T>): Promise<T> {
    speakingLedger(() => this.#db.exec('BEGIN'));
    try {
      return await work();
    } finally {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    }
  }

  /** Reads of one moment, at a fraction of what each costs by itself; takes no write lock. */
  atOneMoment<T>(work: () => NoPromise<T>): T {
    if (this.#db.inTransaction) throw new Error('transactions do not nest');
    return speakingLedger(() => this.#transaction.deferred(work)) as T;
  }

  /** SQLite's own check of the whole file; reads all of it. @returns what is wrong, empty when nothing is */
  quickCheck(): string[] {
    try {
      const rows = speakingLedger(() => this.#db.pragma('quick_check')) as { quick_check: string }[];
      return rows.map(row => row.quick_check).filter(finding => finding !== 'ok');
    } catch (error) {
      // Damage of some kinds ends the check instead of being listed by it.
      if (error instanceof LedgerError && error.code === 'corrupt') return [error.message];
      throw error;
    }
  }

  /**
   * Writes the file anew without the room that archived entries left in it. Whole or not at all; takes as much room again
   * for the time, beside the ledger and in the system's folder for temporary files. Nobody else may have the ledger open.
   */
  compact(): void {
    speakingLedger(() => this.#db.exec('VACUUM'));
    this.walCheckpoint();
  }

  /** Commits of this connection stay in the WAL until somebody else moves them into the file, or it has so many pages. */
  leaveCommits(pages: number): void {
    speakingLedger(() => this.#db.pragma(`wal_autocheckpoint = ${pages}`));
  }

  /** Moves what is in the WAL into the file, as far as no reader needs it there. @returns whether that was all of it */
  moveCommits(): boolean {
    const moved = speakingLedger(() => this.#db.pragma('wal_checkpoint(PASSIVE)'));
    const [{ log, checkpointed }] = moved as [{ readonly log: number; readonly checkpointed: number }];
    return log === checkpointed;
  }

  /** Folds the WAL into the file, so that the file alone is the ledger until the next write. */
  walCheckpoint(): void {
    speakingLedger(() => this.#db.pragma('wal_checkpoint(TRUNCATE)'));
  }

  close(): void {
    this.#db.close();
  }
}
