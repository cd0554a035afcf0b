/** Ways in which a station cannot start or do what it was asked, each with its remedy. */
export const stationHints = {
  'data-directory':
    'Keyline cannot use its data directory. Check that it exists, is a directory and belongs to this user.',
  'configuration-invalid':
    'keyline.json in the data directory is not valid. Mend the place that is named, or remove the file.',
  'station-key-missing':
    'The key of this station is gone from its secret store, so its audit log cannot be continued. Restore the file, or start a new data directory.',
  'station-key-foreign':
    'The key in the secret store is not the one this ledger was made with. Put the right data directory back together.',
  'dps-key-empty': 'Give the connection string (or the secret of the Entra application) on standard input.',
  'dps-key-not-needed':
    'This station signs in to DPS without a secret of its own (dps.entra in keyline.json).',
  'dps-key-of-another':
    'The key belongs to another DPS. What waits for the old one would be set aside (other-dps). If that is meant, add --other-dps.',
  'secret-store-locked':
    'The keyring that holds the secrets of this station is locked or cannot be reached. Sign in and unlock it, then start again; nothing was changed.',
  'secret-store-unknown':
    'The file that says where the secrets of this station lie (secrets/store) is damaged. Put it back from a copy of the data directory.',
  'secret-store-choice':
    'KEYLINE_SECRET_STORE is keyring or files; it counts when a station is started first.',
  'trust-store-missing':
    'keyline.json names a folder for trustStore that is not there. Mend the path, or make the folder with the CA certificates of your TPM makers.',
  'product-unknown': 'No product of that name is configured. Check the spelling, or add it to keyline.json.',
  'operator-invalid': 'The operator is at most 60 characters without control characters.',
  'work-order-invalid': 'The work order is at most 60 characters without control characters.',
  'dps-not-configured':
    'No DPS is configured. Give this station a key with keyline dps set-key, or set KEYLINE_DPS_CONNECTION_STRING.',
  'drain-elsewhere':
    'Another Keyline process (a kiosk, serve, or sync) already sends this ledger to DPS by itself. There is nothing to do here.',
  'import-unreadable':
    'The file is not there, or is none of the known forms: CSV with a column endorsementKey (and serial), Limpet CSV, Limpet JSON.',
  'transcript-exists': 'A transcript never overwrites a file. Name another one.',
  'transcript-unwritable':
    'The transcript cannot be written there. Check that the folder exists, belongs to this user and has room.',
  'transcript-of-replay':
    'A replay has a transcript already. Record at a real bridge, or leave out --record.',
  'export-over-station':
    'An export must not replace a file of the station itself. Choose another place, best another disk.',
  'ledger-missing':
    'The ledger of this station is gone, but its key is here. Put the ledger back (with its -wal file), or start in a new data directory.',
  'entry-unknown': 'The outbox has no such entry. Use `keyline queue list` to see them.',
  'entry-not-waiting': 'Only entries in conflict or quarantine can be retried.',
} as const;

export type StationErrorCode = keyof typeof stationHints;

export class StationError extends Error {
  readonly code: StationErrorCode;
  readonly hint: string;

  constructor(code: StationErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StationError';
    this.code = code;
    this.hint = stationHints[code];
  }
}
