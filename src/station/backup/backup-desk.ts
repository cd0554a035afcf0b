/**
 * The station's backups at the screen (rules S1, S4): what was made and when the next is due, one now, one verified anew, and going
 * on from one. Who may is asked for each; the work is done by a thread (`backup-work-thread.ts`), one thing at a time for the
 * station, and all its windows see it. A backup is named as the folder says, never by a path.
 */
import path from 'node:path';
import { authorize } from '../access/authorize.ts';
import type { Hands } from '../access/hands.ts';
import { needsFirstSupervisor } from '../access/manage-people.ts';
import type { ActName } from '../access/roles.ts';
import { reasonOf } from '../act.ts';
import { StationError } from '../errors.ts';
import { answering } from '../kiosk/desk-answer.ts';
import type { StationCore } from '../open-core.ts';
import type { AskedThread } from '../thread/asked-thread.ts';
import { askBackupThread, SaidByThread } from './ask-backup-thread.ts';
import { readBackupRecord } from './backup-record.ts';
import type {
  BackupAnswer,
  BackupDesk,
  BackupFailure,
  BackupFaultCode,
  BackupRefusal,
  BackupRefusalCode,
  BackupRow,
  BackupTrouble,
  BackupView,
  BackupWork,
  RestoreAct,
  RestoreAnswer,
} from './backup-view.ts';
import type {
  BackupAsk,
  BackupFolder,
  BackupProgress,
  MadeBackup,
  VerifiedNow,
} from './backup-work-thread.ts';
import { backupTrouble } from './examine-backups.ts';
import { readRestoreRecord } from './restore-record.ts';
import type { RestoredBy } from './restore-station.ts';
import { backupDue, backupFolder } from './scheduled-backup.ts';

const answers = answering<'reason-invalid'>('reason-invalid');
/** The folder is looked at so often at most while somebody looks. */
const LOOK_EVERY_MS = 15_000;

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

/** The work on backups of a station; `desk` gives it to one window. */
export class StationBackups {
  readonly #core: StationCore;
  readonly #setting: BackupSetting;
  readonly #thread: AskedThread<BackupAsk, BackupProgress>;
  #work: BackupWork | undefined;
  #working: Promise<void> = Promise.resolve();
  readonly #checked = new Map<string, NonNullable<BackupRow['checked']>>();
  #seen: BackupFolder | { readonly unreadable: string } | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(core: StationCore, setting: BackupSetting) {
    this.#core = core;
    this.#setting = setting;
    this.#thread = askBackupThread(core.directory.path, ({ share }) => {
      if (this.#work?.state === 'running') this.#work = { ...this.#work, share };
    });
  }

  trouble(): BackupTrouble | undefined {
    return backupTrouble(this.#core);
  }

  /** @param own the kiosk's own window, where alone nobody has to sign in for a restore before there are people */
  desk(hands: Hands, own: boolean): BackupDesk {
    const viewed = (work: () => void) =>
      this.#act('work-on-backups', hands, (): BackupAnswer => {
        work();
        return { ok: true, backup: this.#view() };
      });
    return {
      read: () => viewed(() => this.#look()),
      make: () => viewed(() => this.#make()),
      verify: ({ name }) => viewed(() => this.#verify(name)),
      stop: () => viewed(() => this.#stop()),
      restore: act => this.#restore(hands, own, act),
    };
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

  #view(): BackupView {
    const { configuration, clock, directory } = this.#core;
    const { everyHours, keep } = configuration.backup;
    const { good, fault } = readBackupRecord(directory);
    const folder = backupFolder(this.#core);
    const due = backupDue(this.#core);
    const restored = readRestoreRecord(directory);
    return {
      now: clock.read().at,
      everyHours,
      keep,
      overdue: this.trouble()?.kind === 'overdue',
      canRestore: this.#setting.restore !== undefined,
      ...(folder !== undefined && { folder }),
      ...(good && { good: { at: good.at, name: path.basename(good.folder) } }),
      ...(fault && { fault: { at: fault.at, failure: failureOf(fault.code, fault.message) } }),
      ...(due !== null && { dueAt: due }),
      ...(folder !== undefined && this.#list()),
      ...(this.#work && { work: this.#work }),
      ...(restored && { restored }),
    };
  }

  #list(): Pick<BackupView, 'backups' | 'sameDisk' | 'unreadable'> {
    if (!this.#seen || 'unreadable' in this.#seen) return this.#seen ?? {};
    const { backups, sameDisk } = this.#seen;
    return {
      sameDisk,
      backups: backups.map(row => {
        const checked = this.#checked.get(row.name);
        return checked ? { ...row, checked } : row;
      }),
    };
  }

  async #act<Answer>(
    name: ActName,
    hands: Hands,
    work: (account: string) => Answer | Promise<Answer>,
    by?: RestoreAct['by'],
  ): Promise<Answer | BackupRefusal> {
    return answers(async () => {
      const actor = await hands.actor(by);
      const nobodySignsIn = actor.proof === 'account' && needsFirstSupervisor(this.#core);
      const account = nobodySignsIn ? actor.account : authorize(this.#core, name, actor);
      try {
        return await work(account);
      } catch (error) {
        if (error instanceof NotNow) return { ok: false, code: error.code } as const;
        throw error;
      }
    });
  }

  #make(): void {
    this.#run({ kind: 'make' }, { kind: 'make', state: 'running' }, answer => {
      const { name, bytes, entries, removed, readBack } = answer as MadeBackup;
      this.#checked.set(name, { at: this.#core.clock.read().at });
      return { name, bytes, entries, removed, readBack };
    });
  }

  #verify(name: string): void {
    const place = this.#place(name);
    const noted = (fault?: string) =>
      this.#checked.set(name, { at: this.#core.clock.read().at, ...(fault !== undefined && { fault }) });
    this.#run(
      { kind: 'verify', place },
      { kind: 'verify', state: 'running', name },
      answer => {
        const { bytes, entries, readBack } = answer as VerifiedNow;
        noted();
        return { bytes, entries, readBack };
      },
      ({ code, detail }) => {
        if (code === 'backup-damaged' || code === 'backup-unreadable') noted(detail);
      },
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
    const end = (result: Partial<BackupWork>) => {
      // One that was stopped with its thread has its end already.
      if (this.#work?.state === 'running') this.#work = { ...begun, ...result };
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      if (this.#closed) return;
      this.#look();
      this.#setting.onEnd();
    };
    this.#working = this.#thread.ask(ask).then(
      answer => end({ state: 'done', ...done(answer) }),
      error => {
        const result = endOf(error);
        if (result.failure) failed(result.failure);
        end(result);
      },
    );
  }

  /** What writes stops by itself and leaves nothing half; what only reads ends with its thread. */
  #stop(): void {
    if (this.#work?.state !== 'running') return;
    if (this.#work.kind === 'make') {
      this.#thread.stop();
      return;
    }
    this.#work = { ...this.#work, state: 'stopped' };
    void this.#thread.end();
  }

  #restore(hands: Hands, own: boolean, { name, reason, by }: RestoreAct): Promise<RestoreAnswer> {
    return this.#act(
      'restore-station',
      hands,
      (account): RestoreAnswer => {
        const { restore, running } = this.#setting;
        const isOpen = needsFirstSupervisor(this.#core);
        if (isOpen && !own) throw new StationError('sign-in-needed', 'not at the kiosk’s own window');
        if (!restore) throw new NotNow('restore-unavailable');
        if (running() > 0) throw new NotNow('tests-running');
        if (this.#work?.state === 'running') throw new NotNow('backup-busy');
        const place = this.#place(name);
        const because = isOpen && reason.trim() === '' ? '' : reasonOf(reason);
        // The answer goes out first.
        setImmediate(() => restore({ place, by: { account, reason: because } }));
        return { ok: true };
      },
      by,
    );
  }

  /** In the background: the answer is in the next view. */
  #look(): void {
    const folder = backupFolder(this.#core);
    const now = performance.now();
    if (folder === undefined || now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const ask = { kind: 'list', folder, stationId: this.#core.identity.stationId } as const;
    this.#thread.ask(ask).then(
      seen => {
        this.#seen = seen as BackupFolder;
      },
      error => {
        if (error instanceof SaidByThread) this.#seen = { unreadable: endOf(error).failure?.detail ?? '' };
        // The thread ended: the next look begins it again.
        else this.#lookedAt = Number.NEGATIVE_INFINITY;
      },
    );
  }

  /** Of one that the last look into the folder found: a disk that does not answer holds up nobody here. */
  #place(name: string): string {
    const folder = backupFolder(this.#core);
    const { backups = [] } = this.#list();
    if (folder === undefined || !backups.some(row => row.name === name)) throw new NotNow('backup-unknown');
    return path.join(folder, name);
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
]);

function failureOf(code: string, detail: string): BackupFailure {
  if (ownCodes.has(code)) return { code: code as BackupFaultCode, detail };
  if (code === 'full') return { code: 'ledger-full', detail };
  return { code: code === 'corrupt' || code === 'io' ? 'ledger-failed' : 'failed', detail };
}

class NotNow extends Error {
  readonly code: BackupRefusalCode;
  constructor(code: BackupRefusalCode) {
    super(code);
    this.code = code;
  }
}
