/**
 * The seal of a file: a signed note over every byte that comes before it, so that also what is not hashed into the tree
 * (head, readable columns, line ends, a list of devices) is the station's word. Its first line has blanks in it, which no
 * origin can have: a seal never passes for a checkpoint, nor for that of another kind of file.
 *
 *     keyline <kind> seal 1
 *     <origin>
 *     <size, decimal>
 *     <SHA-256 of the bytes, base64>
 */
export interface Seal {
  readonly kind: 'export' | 'manifest' | 'passport' | 'consistency' | 'backup';
  readonly origin: string;
  /** Number of entries that the file's checkpoint covers. */
  readonly size: number;
  /** SHA-256, 32 bytes. */
  readonly digest: Buffer;
}

export function formatSeal({ kind, origin, size, digest }: Seal): string {
  return `keyline ${kind} seal 1\n${origin}\n${size}\n${digest.toString('base64')}\n`;
}
