/** The audit log as the Audit screen shows it, and the work that is done on it there: one at a time in the whole station. */

import type { AuditErrorCode } from '../../audit/errors.ts';
import type { ExportFormat } from '../../audit/export/assemble-export.ts';
import type { ListFormat } from '../../audit/export/device-list.ts';
import type { Level, ProblemCode } from '../../audit/verify/verdict.ts';
import type { OutboxState } from '../../outbox/states.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import type { LogState } from '../export/export-audit.ts';

export type { Level, LogState, ProblemCode };

/** Lists of devices are selected by the newest enrollment of each. */
export type ListState = OutboxState;

export type AuditFormat = ExportFormat | ListFormat;

/** Folders are named as they are configured (`audit.exportFolders`), files as they lie there: never a path. */
export type AuditOrder =
  | {
      readonly kind: 'export';
      readonly format: AuditFormat;
      readonly folder: string;
      readonly workOrder?: string;
      readonly state?: string;
      /** Epoch milliseconds: from this on, and before that. */
      readonly since?: number;
      readonly until?: number;
    }
  /** `device`: its id. */
  | { readonly kind: 'passport'; readonly device: string; readonly folder: string }
  | {
      readonly kind: 'certificate';
      readonly workOrder: string;
      readonly folder: string;
      readonly language: 'en' | 'ko';
    }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'verify-ledger' }
  | { readonly kind: 'verify-file'; readonly folder: string; readonly file: string };

/** What was written, and whether it was read back: past the system's cache (`medium`) or maybe from it. */
export interface WrittenFile {
  readonly kind: 'file';
  readonly folder: string;
  readonly file: string;
  /** Beside a list of devices. */
  readonly manifest?: string;
  readonly bytes: number;
  /** Entries of the log. */
  readonly size: number;
  readonly rootHash: string;
  readonly entries?: number;
  readonly withheld?: number;
  readonly devices?: number;
  /** Of a passport: entries of earlier logs that cannot be proved. */
  readonly unproved?: number;
  /** Of a lot's certificate: as it says. */
  readonly complete?: boolean;
  readonly readBack?: 'medium' | 'cache';
}

export type AuditFinding =
  | {
      readonly ok: true;
      readonly level: Level;
      readonly origin: string;
      /** Of a log of this station. */
      readonly own: boolean;
      readonly rehearsal: boolean;
      readonly size: number;
      readonly entries: number;
      readonly withheld: number;
      readonly devices?: number;
      /** Of a passport. */
      readonly registrationId?: string;
      /** Of a consistency proof: entries of the log that the later one begins with. It shows none of them. */
      readonly extends?: number;
      readonly signedUpTo: number;
      readonly witnessedUpTo: number;
      readonly rootHash: string;
    }
  | {
      readonly ok: false;
      readonly problem: ProblemCode;
      /** 0-based entry and 1-based line of the first place that is wrong. */
      readonly index?: number;
      readonly line?: number;
      /** In English. */
      readonly detail: string;
    };

export type AuditResult =
  | WrittenFile
  | {
      readonly kind: 'checkpoint';
      readonly size: number;
      readonly rootHash: string;
      /** Files outside the ledger that hold it, and folders that could not take it, with the reason. */
      readonly files: readonly string[];
      readonly faults: readonly string[];
    }
  /** Of the ledger: one for each of its logs. */
  | { readonly kind: 'findings'; readonly findings: readonly AuditFinding[] };

/** Why work came to nothing. */
export type AuditFaultCode =
  | Exclude<AuditErrorCode, 'entry-invalid' | 'export-stopped'>
  | 'device-unknown'
  | 'export-over-station'
  | 'work-order-invalid'
  | 'ledger-full'
  | 'ledger-failed'
  | 'failed'
  /** Entries of it rest in archives, which a screen is not given. */
  | 'entries-archived';

export interface AuditWork {
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly order: AuditOrder;
  /** Entries or devices, and how many are done, where that is known. */
  readonly done?: number;
  readonly all?: number;
  readonly result?: AuditResult;
  /** `detail`: in English. */
  readonly failure?: { readonly code: AuditFaultCode; readonly detail: string };
}

/** What lies outside the ledger in the station's folder for checkpoints. */
export interface OutsideState {
  readonly folder: string;
  /** Entries that the largest one of this log covers there; null: there is none. */
  readonly size: number | null;
  /** One that no log here extends, which nothing on record explains. */
  readonly contradicts?: 'missing' | 'changed';
  /** Why the folder could not be read. */
  readonly fault?: string;
}

export interface AuditView {
  readonly origin: string;
  readonly rehearsal: boolean;
  /** Entries of the log. */
  readonly size: number;
  readonly verifierKey: string;
  /** The newest one; absent where there is none yet. */
  readonly checkpoint?: {
    readonly size: number;
    /** Hex. */
    readonly rootHash: string;
    /** Epoch milliseconds. */
    readonly madeAt: number;
    /** Signed note. */
    readonly note: string;
  };
  /** Absent until it was looked at. */
  readonly outside?: OutsideState;
  /** Names of the folders that exports go to. */
  readonly folders: readonly string[];
  readonly work?: AuditWork;
}

/** `audit-busy`: other work runs; `export-folder-unknown`: not configured; `export-file-unknown`: not in that folder. */
export type AuditRefusalCode =
  | AccessRefusalCode
  | 'audit-busy'
  | 'export-folder-unknown'
  | 'export-folder-unreadable'
  | 'export-file-unknown'
  | 'sign-in-key-missing';

export interface AuditRefusal {
  readonly ok: false;
  readonly code: AuditRefusalCode;
}

export type AuditAnswer = { readonly ok: true; readonly audit: AuditView } | AuditRefusal;

export interface ExportedFile {
  readonly name: string;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

export type ExportedFilesAnswer =
  /** Newest first; `more`: there are others. */
  { readonly ok: true; readonly files: readonly ExportedFile[]; readonly more: boolean } | AuditRefusal;

export interface AuditDesk {
  read(): Promise<AuditAnswer>;
  /** Returns when it has begun. */
  run(order: AuditOrder): Promise<AuditAnswer>;
  /** What was being written is gone. */
  stop(): Promise<AuditAnswer>;
  files(input: { readonly folder: string }): Promise<ExportedFilesAnswer>;
}
