/** What a file of endorsement keys gives, row by row, whatever its form. Everything in it is untrusted. */

export interface ImportRow {
  /** 1-based line of the file, or 1-based item of a JSON list. */
  readonly row: number;
  readonly serial: string | null;
  /** As the file has it; compared with the derived one, never taken (rule H3). */
  readonly registrationId: string | null;
  /** As the file has it, in any form; not yet checked. */
  readonly endorsementKey: string;
  readonly product: string | null;
  readonly workOrder: string | null;
  /** From an export of a rehearsal: no real device (rule S5). */
  readonly rehearsal: boolean;
}

export type ImportItem =
  | { readonly kind: 'row'; readonly row: ImportRow }
  | { readonly kind: 'bad'; readonly row: number; readonly detail: string }
  /** Rows of an audit export that are no devices (log entries, failed attempts); `retired`: which device left service there. */
  | { readonly kind: 'passed-over'; readonly row: number; readonly retired?: string };
