/** One file on its way into the ledger, as the Batch screen shows it: the station has one at a time. */
import type { ColumnMapping } from '../../batch/columns.ts';
import type { ImportForm } from '../../batch/inspect-import.ts';
import type { TextEncoding } from '../../batch/text-encoding.ts';
import type { EndorsementKeyForm } from '../../enrollment/endorsement-key-forms.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import type { ImportVerdict, ImportVerdictKind } from './import-row.ts';

export type { ColumnMapping, ImportField } from '../../batch/columns.ts';
export type { ImportForm, ImportVerdict, ImportVerdictKind, TextEncoding };

/**
 * `receiving`: from the window; `read`: looked at, nothing judged yet; `checking`, `checked`: the dry run; `importing`,
 * `imported`: into the ledger. A run that was stopped ends in `checked` or `imported` too, and says so.
 */
export type BatchState = 'empty' | 'receiving' | 'read' | 'checking' | 'checked' | 'importing' | 'imported';

export type BatchCounts = Readonly<Record<ImportVerdictKind, number>>;

export interface BatchFile {
  readonly form: ImportForm;
  readonly encoding: TextEncoding;
  readonly delimiter?: ',' | ';' | '\t';
  /** Of tables: this and the next. */
  readonly columns?: readonly string[];
  readonly mapping?: ColumnMapping;
  readonly remembered?: boolean;
  /** The log that an export shows, by its own word. */
  readonly origin?: string;
}

/** One of the first rows, as it would be read. */
export interface BatchSampleRow {
  readonly row: number;
  readonly serial: string | null;
  readonly registrationId: string | null;
  /** The beginning of the key as it is in the file. */
  readonly key: string;
  readonly keyForm?: EndorsementKeyForm;
  /** Why it cannot be read: its verdict's code, and what stands behind that in English. */
  readonly code?: string;
  readonly detail?: string;
}

export interface BatchView {
  readonly state: BatchState;
  /** What its product may be; the first is the current one. */
  readonly products: readonly string[];
  readonly name?: string;
  /** Bytes, and how many of them came, or were read by the run. */
  readonly size?: number;
  readonly done?: number;
  readonly file?: BatchFile;
  readonly sample?: readonly BatchSampleRow[];
  readonly product?: string;
  readonly workOrder?: string;
  readonly counts?: BatchCounts;
  /** Rows whose key was no TPM2B_PUBLIC and was made into it. */
  readonly made?: number;
  readonly stopped?: boolean;
  /** Why the file, or what was said of it, cannot be used; in English. */
  readonly fault?: string;
  /** Where the station wrote what became of each row. */
  readonly report?: string;
}

/** `batch-busy`: a run or another window's file is in the way; `batch-empty`: there is no file to do that with. */
export type BatchRefusalCode =
  | AccessRefusalCode
  | 'batch-busy'
  | 'batch-empty'
  | 'batch-too-large'
  | 'sign-in-key-missing';
export type BatchAnswer =
  | { readonly ok: true; readonly batch: BatchView }
  | { readonly ok: false; readonly code: BatchRefusalCode };

/** One piece of the file, in order; the first one (`at` 0) begins a new batch. */
export interface BatchPiece {
  readonly name: string;
  readonly size: number;
  readonly at: number;
  /** Base64. */
  readonly data: string;
}

export interface BatchSetting {
  readonly mapping?: ColumnMapping;
  readonly product?: string;
  readonly workOrder?: string;
}

export interface BatchRowsQuestion {
  readonly verdict?: ImportVerdictKind;
  readonly limit: number;
  /** Number of the row before. */
  readonly after?: number;
}

export interface BatchRow extends ImportVerdict {
  readonly number: number;
}

export interface BatchDesk {
  read(): BatchView;
  send(piece: BatchPiece): Promise<BatchAnswer>;
  /** What is not said stays by the file and its header. */
  set(setting: BatchSetting): Promise<BatchAnswer>;
  /** Returns when it has begun. */
  run(input: { readonly dryRun: boolean }): Promise<BatchAnswer>;
  stop(): Promise<BatchAnswer>;
  rows(question: BatchRowsQuestion): Promise<readonly BatchRow[]>;
  /** Writes the report of the last run into the data directory. */
  save(): Promise<BatchAnswer>;
  /** Takes the file away; what was imported stays. */
  discard(): Promise<BatchAnswer>;
}
