/** Ways in which a station cannot start or do what it was asked, each with its remedy. */
export const stationHints = {
  'data-directory':
    'Keyline cannot use its data directory. Check that it exists, is a directory and belongs to this user.',
  'configuration-invalid':
    'keyline.json in the data directory is not valid. Mend the place that is named, or remove the file.',
  'configuration-refused':
    'Nothing was changed. Mend the places that are named, and try again; keyline config schema says what each may be.',
  'configuration-changed':
    'Somebody else changed keyline.json meanwhile. Look at what it is now, and make your change again.',
  'station-key-missing':
    'The key of this station is gone from its secret store, so its audit log cannot be continued. Restore the file, or go on from a backup in a new log: `keyline restore`.',
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
  'trust-store-empty':
    'This station has no trust store with an anchor, so there is nothing to fetch for. Put the CA certificates of your TPM makers into the trust folder first.',
  'trust-fetch-elsewhere': 'Another Keyline process fetches for the trust store right now. Wait for its end.',
  'product-unknown': 'No product of that name is configured. Check the spelling, or add it to keyline.json.',
  'operator-invalid': 'The operator is at most 60 characters without control characters.',
  'work-order-invalid': 'The work order is at most 60 characters without control characters.',
  'work-order-unknown': 'Nobody opened a work order of this number. Check it, or open the order first.',
  'work-order-exists': 'This work order was opened before. Choose it instead.',
  'work-order-product':
    'This work order is of another product. Check order and product; leave the product out to take that of the order.',
  'work-order-open':
    'Close the work order first, at the kiosk or with `keyline work-order close`. Only a closed one is archived.',
  'work-order-unsettled':
    'Nothing was archived. Wait until DPS has answered for every device of it, and decide on what is in conflict or quarantine: `keyline queue list`.',
  'work-order-in-debt':
    'Nothing was archived. Harvest these devices again where their certificates can be verified, or archive with --accept-debt: they stay on the list of certificate debt.',
  'archive-folder':
    'Name a folder that is there and not in the data directory, best on another disk. An archive makes no folder of its own accord: it might be on the wrong disk.',
  'archive-file':
    'Give the file that the ledger names, whole and unchanged: `keyline work-order list` has name and SHA-256. Nothing was changed.',
  'archive-empty':
    'The log has no attempt and no enrollment of this work order, so there is nothing to archive. Entries of an earlier log stay where they are.',
  'archive-elsewhere': 'Another Keyline process archives a work order right now. Wait for its end.',
  'archive-outdated':
    'Another key signs now, or another log was begun, since the file was written. The ledger has let go of nothing; remove the file, and archive again.',
  'compact-no-room':
    'Nothing was changed. Make as much room on the disk of the data directory as the ledger has bytes, for the time that it takes.',
  'entries-archived':
    'Some of these entries rest in archives. Give the files that are named with --archive, or leave these entries out with --work-order.',
  'quantity-invalid':
    'A quantity is a whole number from 1 to 9,999,999; a target in an hour is above 0 and at most 99,999.',
  'dps-not-configured':
    'No DPS is configured. Give this station a key with keyline dps set-key, or set KEYLINE_DPS_CONNECTION_STRING.',
  'drain-elsewhere':
    'Another Keyline process (a kiosk, serve, or sync) already sends this ledger to DPS by itself. There is nothing to do here.',
  'drain-paused':
    'Somebody paused sending at this station. It goes on with `keyline queue resume`, or at the Outbox screen.',
  'reconciliation-elsewhere':
    'Another process compares this ledger with DPS already. Wait for its end, or end it.',
  'import-unreadable':
    'The file is not there, or is none of the known forms: a table with a column for the key (CSV, semicolons or tabs), JSON, JSON lines, Limpet, text of tpm_device_provision, a Keyline export. Nothing of it was recorded.',
  'transcript-exists': 'A transcript never overwrites a file. Name another one.',
  'transcript-unwritable':
    'The transcript cannot be written there. Check that the folder exists, belongs to this user and has room.',
  'transcript-of-replay':
    'A replay has a transcript already. Record at a real bridge, or leave out --record.',
  'export-state-unknown':
    'Of the log: passed, retest, refused, failed, or what became of an enrollment (enrolled, conflict, retired, …). Of a list of devices: queued, sending, enrolled, conflict, quarantined or cancelled.',
  'verifier-not-built':
    'The page that verifies evidence is part of the build, and this checkout has none. Run `npm run build`, then try again.',
  'export-over-station':
    'An export must not replace a file of the station itself. Choose another place, best another disk.',
  'ledger-missing':
    'The ledger of this station is gone, but its key is here. Put the ledger back (with its -wal file), or go on from a backup: `keyline restore`.',
  'backup-folder-missing':
    'Connect the disk that the folder is on, or name one that is there with --out or as backup.folder in keyline.json. A backup makes no folder of its own accord: it might be on the wrong disk.',
  'backup-failed':
    'No backup was made, and nothing of it stays. Check that the disk is connected, can be written and has room, then try again.',
  'backup-elsewhere': 'Another Keyline process makes a backup of this station right now. Wait for its end.',
  'backup-unreadable':
    'This is no backup of Keyline, or it cannot be read. Name the folder that has manifest.json in it; `keyline backup --list` shows those there are.',
  'backup-damaged':
    'This backup is not what was written and is not restored. Keep it as it is, and take an older one: `keyline backup --list`.',
  'backup-unproved':
    'Nothing in the data directory shows that this station wrote this backup. Take another one; where it is known to be the right one, restore it at the command line: `keyline restore`.',
  'station-in-use':
    'Nothing was changed. Close the kiosk and every other Keyline process of this station, then try again.',
  'restore-over-ledger':
    'The ledger that is here can be used, and may know more than the backup. If the backup is meant all the same, add --set-aside: the ledger is kept beside it.',
  'restored-unopened':
    'The backup is in the ledger’s place, and what was there is set aside in the data directory. Mend what is named, then start the station; do not restore again.',
  'restore-underway': 'A backup is being restored here right now. Wait for its end, then start again.',
  'checkpoint-folder-missing': 'Name a folder with checkpoints that is there, or leave --checkpoints out.',
  'sign-in-needed': 'This needs a person with the right role. Name one with --as ID; their PIN is asked for.',
  'sign-in-refused': 'The id or badge is not known here, or the PIN is wrong. Check both and try again.',
  'sign-in-locked': 'Too many wrong PINs. Wait as long as is said, or have a supervisor set a new PIN.',
  'role-missing': 'This person’s role does not include it. Ask somebody whose role does.',
  'pin-needed': 'A badge alone gives an operator’s rights only. Sign in with the PIN as well.',
  'pin-weak':
    'A PIN has 6 to 64 characters and is neither one character repeated nor a run like 123456. Only operators with a badge need none.',
  'person-invalid': 'Check the id, the name and the badge.',
  'person-unknown': 'Nobody here has this id. See `keyline people list`.',
  'person-exists': 'Somebody has this id already. Choose another one, or remove that person first.',
  'badge-taken': 'Somebody has this badge already. Scan another one, or remove that person first.',
  'first-supervisor':
    'The first person is a supervisor, made with `keyline people add ID --name NAME --role supervisor` by the account that owns the data directory.',
  'last-supervisor': 'Without a supervisor nobody could change people any more. Add another one first.',
  'sign-in-key-missing':
    'The key of badges and PINs is gone from the secret store or damaged, so that nobody can sign in. Restore the secret sign-in-key.',
  'entry-unknown': 'The outbox has no such entry. Use `keyline queue list` to see them.',
  'entry-not-waiting': 'Only entries in conflict or quarantine can be retried.',
  'entry-was-sent':
    'It was sent, so DPS may have it or get it late. Let it settle, then use `keyline devices delete`.',
  'entry-settled': 'The entry is settled and stays as it is.',
  'device-unknown':
    'The ledger has no such device. Name it by device id, registration id or serial; `keyline devices find` searches.',
  'device-ambiguous': 'More than one device has this name. Use one of the device ids.',
  'device-retired':
    'The device left service; its history stays as it is. `keyline devices show` shows what came after it.',
  'device-names': 'The product’s templates give this device no id that DPS takes. Mend them in keyline.json.',
  'not-enrolled':
    'DPS has no enrollment of this device: its create was cancelled. `keyline devices enable` makes one.',
  'decision-unfit': 'This entry does not take this decision. `keyline queue show` lists what is open.',
  'new-id-impossible':
    'No other registration id can be derived for this device. Decide otherwise, or mend the product’s template and harvest it again.',
  'reason-invalid': 'Give a reason of at most 200 characters, on one line.',
  'hierarchy-password-invalid':
    'The password of the endorsement hierarchy has 1 to 64 bytes in UTF-8. Zero bytes at its end do not count.',
  'golden-check-due':
    'This fixture tests nothing else before a reference unit has passed there in this shift: `keyline harvest --fixture F --serial` with its serial, or scan it at the kiosk.',
  'harvest-unknown':
    'The ledger has no such harvest. `keyline devices show` lists those of a serial or a device.',
  'harvest-unfit':
    'Only a harvest that was refused because its serial or its key is in the ledger already can be decided on, and only where all else of it holds. Harvest the device, then decide.',
  'harvest-outdated':
    'The ledger has gone on since this harvest, and nothing was changed. Look at the device again, or harvest it anew, then decide.',
  'names-taken':
    'Another device in service has this serial or this registration id. Decide on that device first, or mend the template of the product.',
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
