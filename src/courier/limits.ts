/** Sizes that a courier's file keeps within, so that a hostile stick can neither fill memory nor hold up a station. */
export const limits = {
  /** Entries of one bundle; what is more goes into the next one. */
  entries: 10_000,
  /** Bytes of one line, an enrollment document with its evidence among them. */
  lineBytes: 256 * 1024,
  /** Bytes of all parts together. */
  bytes: 128 * 1024 * 1024,
  parts: 999,
  /** Bytes of the signed note. */
  noteBytes: 512 * 1024,
  /** Objects and lists within each other. */
  depth: 32,
} as const;
