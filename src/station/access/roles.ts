/**
 * Roles and what they may do (rule S1). The list of acts is closed: what is not in it needs no role and is open to
 * whoever may run Keyline at all (the owner of the station's account), as harvesting and sending are.
 */
export const roles = ['operator', 'supervisor', 'engineer', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** Each act that needs a role, and the roles that may do it. */
export const actRoles = {
  /** Add and remove people, set another's PIN. */
  'manage-people': ['supervisor'],
  /** Of a conflict: what DPS has stays. */
  'keep-theirs': ['supervisor', 'engineer'],
  /** Of a conflict: ours takes the place of what DPS has. */
  'replace-theirs': ['supervisor'],
  /** A device gets another registration id than its product's template gives. */
  'give-new-id': ['supervisor'],
  /** An entry will not be sent. */
  'cancel-entry': ['supervisor', 'engineer'],
  /** An enrollment is disabled or enabled, or one whose create was cancelled is created. */
  'switch-enrollment': ['supervisor'],
  /** A device leaves service and its enrollment is deleted. */
  'delete-device': ['supervisor'],
  /** After a board swap another key takes a device's place (rule H6). */
  'replace-device': ['supervisor'],
  /** The device of a key gets another serial (rule H6). */
  'relabel-device': ['supervisor'],
  /** An entry made for another DPS is sent to this one (rule O8). */
  'retarget-entry': ['supervisor'],
  /** For a TPM whose endorsement hierarchy has a password: it is used in its stead, and kept nowhere. */
  'give-hierarchy-password': ['supervisor'],
  /** Nothing more is sent to DPS until somebody lets it go again. */
  'pause-drain': ['supervisor', 'engineer'],
  /** Keys from a file become devices, at a screen. */
  'import-devices': ['supervisor', 'engineer'],
  /** At a screen: look at the audit log, make a checkpoint, export it and its papers, verify. */
  'work-on-audit': ['supervisor', 'engineer', 'auditor'],
  /** At a screen: look at the backups, make one, verify one. */
  'work-on-backups': ['supervisor', 'engineer'],
  /** At a screen: the station goes on from a backup. */
  'restore-station': ['supervisor'],
  /** Entries of a closed work order go into a file outside; the ledger keeps their hashes. */
  'archive-work-order': ['supervisor'],
  /** Another key signs the audit log from here on. */
  'rotate-key': ['supervisor'],
  /** Change the configuration, the trust store or the key for DPS at a screen; import a configuration. */
  'change-settings': ['supervisor', 'engineer'],
  /** Whose courier bundles, and whose receipts, this station takes. */
  'trust-courier': ['supervisor'],
  /** A work order gets another quantity than it was opened with. */
  'change-quantity': ['supervisor', 'engineer'],
  /** The kiosk is ended at its own window, and whoever stands there has the computer. */
  'leave-kiosk': ['supervisor', 'engineer'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type ActName = keyof typeof actRoles;
