/** Ways in which the audit log cannot be written, exported or read, each with its remedy. What verify finds is a value. */
export const auditHints = {
  'entry-invalid':
    'Something could not be put on record as it was (broken text or a number that is not whole). Nothing was written. Report it.',
  'key-invalid': 'This is not an Ed25519 key as Keyline writes it. Copy it again, whole and unchanged.',
  'checkpoint-invalid':
    'This is not a checkpoint of an audit log (a signed note). Copy it again, whole and unchanged.',
  'log-damaged':
    'The audit log in the ledger does not fit itself, so nothing was signed. Stop, keep the ledger as it is, and run `keyline audit verify`.',
  'export-full':
    'The disk is full. No file was left behind. Make room or choose another place, then export again.',
  'export-unwritable':
    'The export cannot be written there. Check that the directory exists and may be written.',
  'export-medium-gone':
    'The stick or share went away while the export was written, or does not answer. What lies on it is not complete. Put it back, look at it for a fault, then export again.',
  'export-differs':
    'What was read back is not what was written: the stick or disk is faulty. The file was removed. Use another one.',
  'export-unreadable': 'The file cannot be read. Check that it exists, is a file, and may be read.',
  'export-stopped': 'The export was stopped. No file was left behind.',
} as const;

export type AuditErrorCode = keyof typeof auditHints;

export class AuditError extends Error {
  readonly code: AuditErrorCode;
  readonly hint: string;

  constructor(code: AuditErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AuditError';
    this.code = code;
    this.hint = auditHints[code];
  }
}
