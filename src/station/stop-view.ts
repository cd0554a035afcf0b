/** What a station that is not open shows at its windows (rule S4): why it stopped, and how it goes on. */

import type { OneTimeSignIn } from './access/hands.ts';
import type { AccessRefusalCode } from './access/refusals.ts';
import type { BackupRow } from './backup/backup-view.ts';
import type { RestoreRecord } from './backup/restore-record.ts';

export interface StopFailure {
  /** As `describeFailure` has it; the screen has cards for those that can be expected. */
  readonly code: string;
  /** In English. */
  readonly detail: string;
  /** With `sign-in-locked`: milliseconds until the next PIN is looked at. */
  readonly waitMs?: number;
}

export type StopView = {
  /** Of the configuration, where it can be read. */
  readonly language?: 'en' | 'ko';
  readonly name?: string;
} & (
  | { readonly state: 'opening' }
  | {
      readonly state: 'stopped';
      /** Why it could not be opened; absent: it was open until a restore that came to nothing. */
      readonly failure?: StopFailure;
      /** Of a restore that came to nothing; what was here is as it was. */
      readonly restoreFailure?: StopFailure;
      /** Newest first. */
      readonly backups: readonly BackupRow[];
      readonly folder?: string;
      /** Who restores here: a supervisor of the backup by PIN, whoever stands here, or nobody. */
      readonly restore: 'pin' | 'anybody' | 'nobody';
      /** This window’s host can be ended here: its own, and a station that cannot be opened. */
      readonly canEnd: boolean;
    }
  | { readonly state: 'restoring'; readonly backup: string }
  | { readonly state: 'restored'; readonly report: RestoreRecord }
);

export type StopRefusalCode = AccessRefusalCode | 'reason-invalid' | 'backup-unknown' | 'not-stopped';
export type StoppedAnswer = { readonly ok: true } | { readonly ok: false; readonly code: StopRefusalCode };

export interface StoppedRestore {
  /** Of the backup. */
  readonly name: string;
  readonly reason: string;
  readonly by?: OneTimeSignIn;
}

/** A station that is not open, at one window. */
export interface StopDesk {
  view(): StopView;
  subscribe(listener: (view: StopView) => void): () => void;
  /** Tries to open the station, after a failure or after a restore. */
  openAgain(): StoppedAnswer;
  /** Returns when it has begun; what came of it is in the view. */
  restore(input: StoppedRestore): StoppedAnswer;
  /** Ends the host; only where `canEnd`. */
  end(): StoppedAnswer;
  close(): void;
}
