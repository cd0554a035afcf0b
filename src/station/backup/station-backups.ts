/**
 * The station's work on its backups (rule S4), which all its windows see: what was made and when the next is due, one now, one verified
 * anew, and going on from one. A thread does it (`backup-work-thread.ts`), one thing at a time. A backup is named as the folder says,
 * never by a path, and the station is closed for a restore only when the backup was proved.
 */
import path from 'node:path';
import type { StationCore } from '../open-core.ts';
import type { AskedThread } from '../thread/asked-thread.ts';
import { askBackupThread, SaidByThread } from './ask-backup-thread.ts';
import { readBackupRecord } from './backup-record.ts';
import type {
  BackupFailure,
  BackupFaultCode,
  BackupRefusalCode,
  BackupTrouble,
  BackupView,
  BackupWork,
} from './backup-view.ts';
import type { BackupAsk, BackupProgress, MadeBackup, VerifiedNow } from './backup-work-thread.ts';
import { BackupsInFolder } from './backups-in-folder.ts';
import { backupTrouble } from './examine-backups.ts';
import { readRestoreRecord } from './restore-record.ts';
import type { RestoredBy } from './restore-station.ts';
import { backupDue } from './scheduled-backup.ts';

export interface RestoreWish {
  /** Folder of the backup. */
  readonly place: string;
  readonly by: RestoredBy;
}

export interface BackupSetting {
  /** How many fixtures test now. */
  readonly running: () => number;
  /** Ends the station and goes on from a backup; absent where this host cannot start it again. */
  readonly restore?: ((wish: RestoreWish) => void) | undefined;
  /** Whether there is trouble may have changed. */
  readonly onEnd: () => void;
}

export class StationBackups {
  readonly #core: StationCore;
  readonly #setting: BackupSetting;
  readonly #thread: AskedThread<BackupAsk, BackupProgress>;
  readonly #folder: BackupsInFolder;
  #work: BackupWork | undefined;
  /** Of the work that was begun last. */
  #begun = 0;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(core: StationCore, setting: BackupSetting) {
    this.#core = core;
    this.#setting = setting;
    this.#thread = askBackupThread(core.directory.path, ({ share }) => {
      if (this.#work?.state === 'running') this.#work = { ...this.#work, share };
    });
    this.#folder = new BackupsInFolder(core, this.#thread);
  }

  trouble(): BackupTrouble | undefined {
    return backupTrouble(this.#core);
  }

  /** What is being made stops by itself and leaves nothing half. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#work?.kind === 'make' && this.#work.state === 'running') {
      this.#thread.stop();
      await this.#working;
    }
    await this.#thread.end();
  }

  view(): BackupView {
    const { configuration, clock, directory } = this.#core;
    const { everyHours, keep } = configuration.backup;
    const { good, fault } = readBackupRecord(directory);
    const due = backupDue(this.#core);
    const restored = readRestoreRecord(directory);
    return {
      now: clock.read().at,
      everyHours,
      keep,
      overdue: this.trouble()?.kind === 'overdue',
      canRestore: this.#setting.restore !== undefined,
      ...this.#folder.view(),
      ...(good && { good: { at: good.at, name: path.basename(good.folder) } }),
      ...(fault && { fault: { at: fault.at, failure: failureOf(fault.code, fault.message) } }),
      ...(due !== null && { dueAt: due }),
      ...(this.#work && { work: this.#work }),
      ...(restored && { restored }),
    };
  }

  make(): void {
    this.#run({ kind: 'make' }, { kind: 'make', state: 'running' }, answer => {
      const { name, bytes, entries, removed, readBack } = answer as MadeBackup;
      this.#folder.noteWhole(name);
      return { name, bytes, entries, removed, readBack };
    });
  }

  verify(name: string): void {
    this.#run(
      { kind: 'verify', place: this.#place(name) },
      { kind: 'verify', state: 'running', name },
      answer => {
        const { bytes, entries, readBack } = answer as VerifiedNow;
        this.#folder.noteWhole(name);
        return { bytes, entries, readBack };
      },
      failure => this.#folder.noteFault(name, failure),
    );
  }

  /** The station stays open until the backup is proved; then it ends and goes on from it. Returns when it has begun. */
  goOnFrom(name: string, by: RestoredBy): void {
    const { restore, running } = this.#setting;
    if (!restore) throw new NotNow('restore-unavailable');
    if (running() > 0) throw new NotNow('tests-running');
    const place = this.#place(name);
    this.#run(
      { kind: 'prove', place },
      { kind: 'restore', state: 'running', name },
      () => {
        this.#folder.noteWhole(name);
        if (running() > 0) return { state: 'failed', failure: { code: 'tests-running', detail: '' } };
        // Whoever asks meanwhile still gets an answer.
        setImmediate(() => restore({ place, by }));
        return {};
      },
      failure => this.#folder.noteFault(name, failure),
    );
  }

  #run(
    ask: BackupAsk,
    begun: BackupWork,
    done: (answer: unknown) => Partial<BackupWork>,
    failed: (failure: BackupFailure) => void = () => undefined,
  ): void {
    if (this.#work?.state === 'running') throw new NotNow('backup-busy');
    this.#work = begun;
    this.#begun += 1;
    const mine = this.#begun;
    // What was stopped with its thread has its end already, and maybe other work after it.
    const end = (result: () => Partial<BackupWork>) => {
      if (mine === this.#begun && this.#work?.state === 'running') this.#work = { ...begun, ...result() };
      if (this.#closed) return;
      this.#folder.lookAnew();
      this.#setting.onEnd();
    };
    this.#working = this.#thread.ask(ask).then(
      answer => end(() => ({ state: 'done', ...done(answer) })),
      error =>
        end(() => {
          const result = endOf(error);
          if (result.failure) failed(result.failure);
          return result;
        }),
    );
  }

  /** What writes stops by itself and leaves nothing half; what only reads ends with its thread. */
  stop(): void {
    if (this.#work?.state !== 'running') return;
    if (this.#work.kind === 'make') {
      this.#thread.stop();
      return;
    }
    this.#work = { ...this.#work, state: 'stopped' };
    void this.#thread.end();
  }

  look(): void {
    this.#folder.look();
  }

  #place(name: string): string {
    const place = this.#folder.placeOf(name);
    if (place === undefined) throw new NotNow('backup-unknown');
    return place;
  }
}

function endOf(error: unknown): Pick<BackupWork, 'state' | 'failure'> {
  if (!(error instanceof SaidByThread))
    return { state: 'failed', failure: { code: 'failed', detail: (error as Error).message } };
  const { said } = error;
  return 'stopped' in said
    ? { state: 'stopped' }
    : { state: 'failed', failure: failureOf(said.code, said.detail) };
}

const ownCodes: ReadonlySet<string> = new Set<BackupFaultCode>([
  'backup-folder-missing',
  'backup-failed',
  'backup-elsewhere',
  'backup-unreadable',
  'backup-damaged',
  'backup-unproved',
]);

function failureOf(code: string, detail: string): BackupFailure {
  if (ownCodes.has(code)) return { code: code as BackupFaultCode, detail };
  if (code === 'full') return { code: 'ledger-full', detail };
  return { code: code === 'corrupt' || code === 'io' ? 'ledger-failed' : 'failed', detail };
}

/** Not at the moment, or not at this host. */
export class NotNow extends Error {
  readonly code: BackupRefusalCode;
  constructor(code: BackupRefusalCode) {
    super(code);
    this.code = code;
  }
}
