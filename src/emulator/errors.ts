/** Ways in which the emulator cannot start, each with what to do. What a client does wrong is a Refusal, never this. */
export const emulatorHints = {
  'port-unavailable': 'Another program listens on that port, or it needs more rights. Choose another --port.',
  'folder-unusable': "The emulator's folder cannot be made or written. Choose another one.",
  'instance-unreadable':
    "instance.json in the emulator's folder is damaged. Put it right, or remove it: the emulator then makes new keys, and connection strings change.",
  'state-unreadable':
    "The emulator's state file is no SQLite file of this emulator. Remove it to start with no enrollments.",
} as const;

export type EmulatorErrorCode = keyof typeof emulatorHints;

export class EmulatorError extends Error {
  readonly code: EmulatorErrorCode;
  readonly hint: string;

  constructor(code: EmulatorErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EmulatorError';
    this.code = code;
    this.hint = emulatorHints[code];
  }
}
