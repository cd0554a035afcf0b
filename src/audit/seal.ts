/**
 * The seal of an export: a signed note over every byte that comes before the export's last line, so that also what is
 * not hashed into the tree (head, readable columns, line ends) is the station's word. Its first line has blanks in it,
 * which no origin can have: a seal never passes for a checkpoint, nor the other way round.
 *
 *     keyline export seal 1
 *     <origin>
 *     <size, decimal>
 *     <SHA-256 of the bytes, base64>
 */
export interface Seal {
  readonly origin: string;
  /** Number of entries that the export covers. */
  readonly size: number;
  /** SHA-256, 32 bytes. */
  readonly digest: Buffer;
}

export function formatSeal({ origin, size, digest }: Seal): string {
  return `keyline export seal 1\n${origin}\n${size}\n${digest.toString('base64')}\n`;
}
