/** What the file forms of an export have in common: the pieces they are put together from, in this order. */
export interface ExportForm {
  /** @param head RFC 8785 text */
  begin(head: string): string;
  entry(bytes: Buffer, leafHash: Buffer): string;
  /** @param from index of the first of these entries, which follow each other */
  withheld(from: number, leafHashes: readonly Buffer[]): string;
  /** The last line. @param tail RFC 8785 text */
  end(tail: string): string;
}

export interface ExportHead {
  readonly madeAt: string;
  readonly rehearsal: boolean;
  readonly byteOrderMark: boolean;
}
