/** What an export of the log or a list of devices is asked for, and what it comes to. */
import type { ExportFormat } from '../../audit/export/assemble-export.ts';
import type { ListFormat } from '../../audit/export/device-list.ts';
import type { Selection } from '../../audit/export/selection.ts';
import type { ReadBack } from '../../audit/read-back.ts';

export interface ExportRequest {
  readonly format: ExportFormat | ListFormat;
  readonly out: string;
  readonly workOrder?: string | undefined;
  /** Of the log: a verdict, or the change of an enrollment; of a list: the state of the newest outbox entry. */
  readonly state?: string | undefined;
  /** Epoch milliseconds: from this on, and before that. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** CSV of the log only; default: true. */
  readonly byteOrderMark?: boolean | undefined;
  /** Read back from the medium before the file gets its name; default: onto another device than the station's. */
  readonly verify?: boolean | undefined;
  /** Files of archives, for entries of the log that rest in them. */
  readonly archives?: readonly string[] | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

export interface ExportedAudit {
  readonly file: string;
  readonly format: ExportFormat | ListFormat;
  readonly origin: string;
  /** Entries of the log, of these in the file in full, and as a hash. */
  readonly size: number;
  readonly entries: number;
  readonly withheld: number;
  /** With a list of devices: how many, and the file beside it. */
  readonly devices?: number;
  readonly manifest?: string;
  /** Hex. */
  readonly rootHash: string;
  /** Signed note. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly rehearsal: boolean;
  /** `medium`: read back past the system's cache; `cache`: read back, but the system may have answered from memory. */
  readonly readBack?: 'medium' | 'cache';
}

/** What an export of either kind works with. */
export interface ExportJob {
  readonly file: string;
  readonly selection: Selection;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly readBack: boolean;
}

export function readBackWord(seen: ReadBack | undefined): Pick<ExportedAudit, 'readBack'> {
  return seen ? { readBack: seen.pastCache ? 'medium' : 'cache' } : {};
}
