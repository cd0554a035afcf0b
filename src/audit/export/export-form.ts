import type { ChunkBuilder } from './chunk-builder.ts';

/** What the file forms of an export have in common: the pieces they are put together from, in this order. */
export interface ExportForm {
  /** @param head RFC 8785 text */
  begin(chunk: ChunkBuilder, head: string): void;
  entry(chunk: ChunkBuilder, bytes: Buffer, leafHash: Buffer): void;
  /** @param from index of the first of these entries, which follow each other */
  withheld(chunk: ChunkBuilder, from: number, leafHashes: readonly Buffer[]): void;
  /** The last line. @param tail RFC 8785 text */
  end(chunk: ChunkBuilder, tail: string): void;
}

export interface ExportHead {
  readonly madeAt: string;
  readonly rehearsal: boolean;
  readonly byteOrderMark: boolean;
}
