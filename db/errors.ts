/** Ways in which a ledger file cannot be made, opened, read or written, each with its remedy (rule S4). */
export const ledgerHints = {
  'runtime-too-old':
    'This Node is too old for the SQLite driver, which would crash. Start Keyline with ./keyline or with Node 22.14 or newer.',
  missing:
    'There is no ledger at this place. Check the data directory; if a disk is not mounted, mount it first.',
  exists: 'A ledger is already there and is never overwritten. Open it, or choose another data directory.',
  'not-a-file': 'The ledger must be a file. Something else lies at this place; check the data directory.',
  unreadable:
    'The ledger cannot be read by this user. Check the owner and the rights of the file and its directory.',
  'read-only':
    'The ledger or its directory cannot be written. Check the rights, and that the disk is not mounted read-only.',
  'not-sqlite':
    'The file is not an SQLite database. Put the real ledger back from a backup; move this file away first.',
  'not-a-ledger':
    'The file is an SQLite database of another program, not a ledger. Check the data directory.',
  'newer-schema':
    'The ledger was written by a newer Keyline. Install that version or a later one; nothing was changed.',
  corrupt:
    'The ledger is damaged. Stop, and go on from the newest backup with `keyline restore`, which keeps the file as it is.',
  full: 'The disk is full. Nothing was half-written. Make room, then try again.',
  io: 'The disk reported an error. Stop, check the disk and its cables, and copy the data directory to another one.',
  busy: 'Another program holds the ledger locked. Close it, or wait until its work is done, then try again.',
  'not-durable':
    'The ledger cannot be kept safe here: the file system refuses what a durable write needs. Use a local disk, not a network share.',
  refused:
    'The ledger refused a row that breaks its own rules. Nothing was written. This is a fault in Keyline; report it.',
} as const;

export type LedgerErrorCode = keyof typeof ledgerHints;

/** A ledger that could not do what it was asked. Nothing of the failed transaction stays behind. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  readonly hint: string;

  constructor(code: LedgerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
    this.hint = ledgerHints[code];
  }
}
