/** The station's backups as the Backup screen shows them, and the work that is done on them there: one thing at a time. */

import type { OneTimeSignIn } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import type { RestoreRecord } from './restore-record.ts';

export type { RestoreRecord };

/** Named as its folder is, never by a path. */
export interface BackupRow {
  readonly name: string;
  /** Epoch milliseconds; absent, as the next three, where it cannot be used. */
  readonly madeAt?: number;
  readonly bytes?: number;
  /** Of the log that it was made in. */
  readonly entries?: number;
  readonly devices?: number;
  /** Why it cannot be used, in English. */
  readonly fault?: string;
  /** What came of verifying it anew, since the station was started. */
  readonly checked?: { readonly at: number; readonly fault?: string };
}

export type BackupFaultCode =
  | 'backup-folder-missing'
  | 'backup-failed'
  | 'backup-elsewhere'
  | 'backup-unreadable'
  | 'backup-damaged'
  | 'backup-unproved'
  | 'tests-running'
  | 'ledger-full'
  | 'ledger-failed'
  | 'failed';

export interface BackupFailure {
  readonly code: BackupFaultCode;
  /** In English. */
  readonly detail: string;
}

export interface BackupWork {
  /** `restore`: it is proved before the station ends and goes on from it. */
  readonly kind: 'make' | 'verify' | 'restore';
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  /** That was made or verified. */
  readonly name?: string;
  /** Of the copy, 0 to 1; 1 while it is read back and verified; absent where nothing measures it. */
  readonly share?: number;
  readonly bytes?: number;
  readonly entries?: number;
  /** Older ones that went. */
  readonly removed?: number;
  /** Read back from the medium itself, or maybe from the system's memory. */
  readonly readBack?: 'medium' | 'cache';
  readonly failure?: BackupFailure;
}

/** What the schedule came to: the last one failed, or one should have been made long ago. */
export interface BackupTrouble {
  readonly kind: 'failed' | 'overdue';
  /** Epoch milliseconds of the newest good one; null: there is none. */
  readonly good: number | null;
}

export interface BackupView {
  /** By the station's clock. */
  readonly now: number;
  /** Where they go; absent: none are made by themselves. */
  readonly folder?: string;
  readonly everyHours: number;
  readonly keep: number;
  /** The folder is on the disk of the station itself. */
  readonly sameDisk?: boolean;
  readonly good?: { readonly at: number; readonly name: string };
  readonly fault?: { readonly at: number; readonly failure: BackupFailure };
  /** Epoch milliseconds; in the past: as soon as the station looks. */
  readonly dueAt?: number;
  readonly overdue: boolean;
  /** Newest first; absent until the folder was looked at. */
  readonly backups?: readonly BackupRow[];
  /** Why the folder could not be read. */
  readonly unreadable?: string;
  readonly work?: BackupWork;
  /** What the last restore came to. */
  readonly restored?: RestoreRecord;
  /** This host can stop the station, restore, and start it again. */
  readonly canRestore: boolean;
}

/** `backup-busy`: other work runs; `backup-unknown`: no such one in the folder; `restore-unavailable`: this host cannot restart the station. */
export type BackupRefusalCode =
  | AccessRefusalCode
  | 'sign-in-key-missing'
  | 'reason-invalid'
  | 'backup-busy'
  | 'backup-unknown'
  | 'tests-running'
  | 'restore-unavailable';

export interface BackupRefusal {
  readonly ok: false;
  readonly code: BackupRefusalCode;
}

export type BackupAnswer = { readonly ok: true; readonly backup: BackupView } | BackupRefusal;

export interface RestoreAct {
  /** Of the backup. */
  readonly name: string;
  readonly reason: string;
  readonly by?: OneTimeSignIn;
}

export type RestoreAnswer = { readonly ok: true } | BackupRefusal;

export interface BackupDesk {
  read(): Promise<BackupAnswer>;
  /** Returns when it has begun. */
  make(): Promise<BackupAnswer>;
  verify(input: { readonly name: string }): Promise<BackupAnswer>;
  /** Of what was being made nothing stays. */
  stop(): Promise<BackupAnswer>;
  /**
   * Returns when it has begun: the backup is proved, which `work` follows; then the station ends and goes on from it, and the window
   * is told by its next connection.
   */
  restore(input: RestoreAct): Promise<RestoreAnswer>;
}
