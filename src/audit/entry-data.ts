/**
 * What each type of audit entry says. These shapes are a format that outlives every other type in the program, so they
 * are written out here and share nothing with the types they are filled from. A member that is not known is left out.
 * No entry holds a name, a badge or an account: `personId` is random (rule A1).
 */
export interface LogStartedData {
  readonly stationId: string;
  readonly logId: string;
  readonly verifierKey: string;
  /** Version of Keyline. */
  readonly version: string;
  /** With a log that goes on from another: why it is another one. */
  readonly because?: 'restored' | 'machine-changed' | 'rolled-back';
  /** The last checkpoint (a signed note) of the log that this one goes on from, as far as the ledger has it. */
  readonly previousCheckpoint?: string;
  /** A checkpoint of that log from outside the ledger, which has more entries: they are missing here. */
  readonly outsideCheckpoint?: string;
  /** The reason that the person gave who had it restored at a screen. */
  readonly reason?: string;
}

/** Another key signs from here on. */
export interface KeyRotatedData {
  readonly verifierKey: string;
  readonly previousVerifierKey: string;
  /** The exchange as a note that both keys signed; `key-chain.ts`. */
  readonly note: string;
  /** The reason that the person gave. */
  readonly because: string;
}

/** One attempt, whatever its end (rule H4). */
export interface ImportData {
  readonly harvestId: string;
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: string;
  readonly detail?: string;
  /** The serial that the ledger has for this key, where that is why it was refused. */
  readonly otherSerial?: string;
  readonly registrationId?: string;
  /** Base64 of the marshalled TPM2B_PUBLIC. */
  readonly endorsementKey?: string;
  /** SHA-256 over the same bytes, hex. */
  readonly ekSha256?: string;
  readonly ekTemplate?: string;
  readonly warnings: readonly string[];
  /** Whether the TPM that answered proved to hold the private key; an import proves nothing. */
  readonly possession: 'proved' | 'failed' | 'not-tested';
  /**
   * Of an import, where there is more to say of the file: the form in which it had the key (`tpmt-public`, `spki`, `modulus`;
   * the last two were made into TPM2B_PUBLIC by template L-1), and, of an export, the log that it shows and whether its
   * seal was whole; of a courier bundle, its id and the log that signed it.
   */
  readonly source?: {
    readonly keyForm?: string;
    readonly log?: string;
    readonly logSealed?: boolean;
    readonly courierBundle?: string;
  };
}

export interface HarvestData extends ImportData {
  readonly fixture: string | null;
  /** The kind of carrier (`swtpm`, `device`, …), never its address. */
  readonly bridge: string | null;
  /** True where an operator's name was stated; the name itself is only in the ledger. */
  readonly statedOperator?: boolean;
  /** Where the product asks the device itself: its answer beside the scanned serial. The device's word. */
  readonly dutSerial?: { readonly status: string; readonly serial?: string };
  /** Where the password of the endorsement hierarchy was used: whether the TPM took it, and who gave it; never which. */
  readonly hierarchyPassword?: { readonly use: 'taken' | 'refused'; readonly personId: string };
  readonly tpm?: {
    readonly manufacturerId: string;
    readonly manufacturer: string;
    readonly vendor: string;
    readonly firmware: string;
    readonly family: string;
    readonly revision: string;
  };
  readonly certificate?: {
    readonly status: string;
    /** SHA-256 over the certificate as it lay in NV, hex. */
    readonly sha256?: string;
    /** The rule that its chain breaks; with `unchecked`, a date that an unsynced clock could not vouch for. */
    readonly rule?: string;
    /** With `verified`: SHA-256 of the anchor, hex, and of each certificate from the EK certificate to it. */
    readonly anchor?: string;
    readonly chain?: readonly string[];
  };
  readonly responseCode?: string;
  readonly durationMs: number;
}

/** A person overruled the verdict on a duplicate (rule H6): the refused attempt's evidence counts as that of a passed one. */
export interface DecisionData {
  /** Of the decision, which is an attempt of its own. */
  readonly harvestId: string;
  readonly decides: {
    /** The refused attempt, and its code. */
    readonly harvestId: string;
    readonly code: string;
    /** `relabel`: the key has another serial now; `accept`: the serial has another key. */
    readonly overruling: 'relabel' | 'accept';
    readonly serialBefore: string | null;
    readonly ekSha256Before: string;
  };
  /** The reason that the person gave. */
  readonly because: string;
  /** These and what follows: as a harvest that passed says them. */
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly fixture: string | null;
  readonly verdict: 'passed';
  readonly code: string;
  readonly registrationId: string;
  readonly endorsementKey: string;
  readonly ekSha256: string;
  readonly ekTemplate: string;
  /** Of the refused attempt; nothing was tested again. */
  readonly possession: string;
  readonly certificate?: { readonly status: string };
  readonly warnings: readonly string[];
}

/** The certificate of a device was judged again, off the DUT, by what the station knows since. */
export interface CertificateJudgementData {
  readonly registrationId: string;
  readonly harvestId: string;
  readonly serial: string | null;
  readonly workOrder: string | null;
  readonly ekSha256: string;
  /** `settled`: it is verified now; `revoked`: its maker revoked a certificate of the chain; `judged`: another reason than before. */
  readonly change: 'settled' | 'revoked' | 'judged';
  /** What was on record. */
  readonly statusBefore: string;
  readonly certificate: {
    readonly status: string;
    readonly sha256: string;
    readonly rule?: string;
    readonly anchor?: string;
    readonly chain?: readonly string[];
  };
  /** Which certificate, since when and why, in words. */
  readonly detail?: string;
  /** With `revoked`: SHA-256 of the list that says so, hex. */
  readonly list?: string;
}

/** A reference unit, whose key is known, went through the whole chain at a fixture. It is no device and is not counted. */
export interface GoldenCheckData {
  readonly checkId: string;
  readonly serial: string;
  readonly product: string;
  readonly fixture: string | null;
  /** The kind of carrier, never its address. */
  readonly bridge: string | null;
  readonly verdict: 'passed' | 'failed';
  readonly code: string;
  readonly detail?: string;
  readonly ekSha256?: string;
  /** The key that the unit is known by; absent at the first check of a unit whose key nobody stated. */
  readonly ekSha256Expected?: string;
  readonly possession: 'proved' | 'failed' | 'not-tested';
  readonly certificate?: { readonly status: string };
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** What became of an outbox entry; or of its device; `requested`, `retried`, `cancelled` and `retired` are a person's decisions. */
export interface EnrollmentData {
  readonly entryId: string;
  readonly registrationId: string;
  readonly harvestId: string;
  /** Those of the device, so that an export of a work order has the whole story. */
  readonly serial?: string | null;
  readonly workOrder?: string | null;
  /** What the entry asks of DPS; absent: `create`. */
  readonly operation?: string;
  readonly change:
    | 'requested'
    | 'targeted'
    | 'retargeted'
    | 'enrolled'
    | 'conflict'
    | 'quarantined'
    | 'retried'
    | 'cancelled'
    | 'retired';
  /** The reason that the person gave. */
  readonly because?: string;
  /** With `retired`, the device left service: `scrap`, `rma`, `replaced: …` or another word. */
  readonly retired?: string;
  /** With `requested` of a create: the device that the new one takes the place of. */
  readonly replaces?: { readonly registrationId: string; readonly harvestId: string };
  /** With `enrolled`: how it is known. */
  readonly how?: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly dpsHost?: string | null;
  readonly idScope?: string | null;
}

/** An export that left the station. */
export interface ExportData {
  /** A form of the log, a list of devices, `passport`, `consistency-proof` or `lot-certificate`. */
  readonly format: string;
  /** Number of entries the export covers. */
  readonly size: number;
  readonly workOrder?: string;
  readonly state?: string;
  readonly since?: string;
  readonly until?: string;
  /** Devices in a list; and its bytes, SHA-256 in hex, so that the file can be told from a later one. */
  readonly devices?: number;
  readonly sha256?: string;
  /** Of a passport: whose it is. */
  readonly registrationId?: string;
}

/** The key with which the station signs in to DPS was exchanged or removed; the key itself is in no entry. */
export interface DpsKeyData {
  readonly change: 'set' | 'forgotten';
  readonly kind?: 'connection-string' | 'entra';
  readonly host?: string;
  /** Name of the policy, or id of the application. */
  readonly identity?: string;
}

/** A reconciliation that came to its end: all that DPS holds was compared with what this ledger says of it. */
export interface ReconciliationData {
  readonly dpsHost: string;
  readonly idScope?: string;
  /** Enrollments that DPS holds, and devices in service in the ledger. */
  readonly enrollments: number;
  readonly devices: number;
  /** What was found, by kind; kinds without any are left out. */
  readonly found: Readonly<Record<string, number>>;
}

/** A person changed the station's configuration; the hashes are of files that the station keeps. */
export interface ConfigurationData {
  readonly how: 'import' | 'settings';
  /** SHA-256 of the configuration before, hex; null where there was none. */
  readonly from: string | null;
  readonly to: string;
  /** Names of the fields that changed, such as `fixtures["1"].bridge`; never their values. */
  readonly fields: readonly string[];
}

/** A CA certificate came into the plant's trust store or left it. */
export interface TrustStoreData {
  readonly change: 'added' | 'removed' | 'fetched';
  /** Its name in the folder. */
  readonly file: string;
  /** With `fetched`, which is an intermediate and never an anchor: where it was fetched from. */
  readonly address?: string;
  /** SHA-256 of each certificate in it, hex. */
  readonly certificates: readonly string[];
  /** SHA-256 of each revocation list in it, hex; absent: none. */
  readonly lists?: readonly string[];
}

/** A person held back what goes to DPS, or let it go again. */
export interface DrainData {
  readonly change: 'paused' | 'resumed';
  /** The reason that the person gave. */
  readonly because: string;
}

/** A person ended the kiosk at its own window. */
export interface KioskData {
  readonly change: 'ended';
  /** The reason that the person gave; none is asked for while nobody signs in. */
  readonly because?: string;
}

/** A work order was opened, closed, opened again, or got another quantity. */
export interface WorkOrderData {
  readonly workOrder: string;
  readonly change: 'opened' | 'closed' | 'reopened' | 'quantity';
  readonly product: string;
  /** As it is after the change; absent where nobody said how many. */
  readonly quantity?: number;
  /** The order's devices in force at that moment. */
  readonly passed: number;
  /** With `quantity`: the reason that the person gave. */
  readonly because?: string;
}

/** Entries of a closed work order rest in a file outside from here on; their leaf hashes stay in the tree. */
export interface ArchiveData {
  readonly workOrder: string;
  /** Its name without a folder, its size, and the SHA-256 of its bytes, hex. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Entries of the log that the file covers; how many of them rest in it, the first and the last. */
  readonly size: number;
  readonly entries: number;
  readonly first: number;
  readonly last: number;
  /** SHA-256, hex: of which entries rest, and of the rows of the attempts and enrollments that they tell of. README.md has the bytes. */
  readonly indexes: string;
  readonly attempts: string;
  readonly enrollments: string;
  /** Devices of the order that were in certificate debt, where somebody archived it all the same. */
  readonly certificateDebt?: number;
  /** The reason that the person gave. */
  readonly because: string;
}

/** The password of a TPM's endorsement hierarchy was used to look at it; the frame's `personId` is who gave it. */
export interface HierarchyPasswordData {
  /** Whether the TPM took it. */
  readonly use: 'taken' | 'refused';
  readonly fixture: string | null;
  /** The kind of carrier, never its address. */
  readonly bridge: string;
}

/** A courier's bundle or receipt was made or taken, or whose are taken changed. */
export interface CourierData {
  readonly change: 'trusted' | 'untrusted' | 'packed' | 'unpacked' | 'receipt-written' | 'receipt-taken';
  /** The log of the other station; of what was packed, our own. */
  readonly origin: string;
  /** With `trusted`, and where a new key took the place of the one that was known. */
  readonly verifierKey?: string;
  /** With `trusted`: what is taken of that station. */
  readonly takes?: 'bundles' | 'receipts';
  readonly bundleId?: string;
  readonly sequence?: number;
  /** Of the bundle's signed bytes before encryption, hex. */
  readonly sha256?: string;
  readonly receiptId?: string;
  /** How many entries it has; and how many of them became what. */
  readonly entries?: number;
  readonly outcomes?: Readonly<Record<string, number>>;
  /** The reason that the person gave. */
  readonly because?: string;
}

/** A change of who may sign in; the frame's `personId` is who made it. */
export interface PersonData {
  /** Random id of whom it is about. */
  readonly subjectId: string;
  /** `locked`: too many wrong PINs. */
  readonly change: 'added' | 'removed' | 'pin-set' | 'locked';
  readonly role: 'operator' | 'supervisor' | 'engineer' | 'auditor';
}

export interface EntryDataByType {
  readonly 'log-started': LogStartedData;
  readonly 'key-rotated': KeyRotatedData;
  readonly harvest: HarvestData;
  readonly import: ImportData;
  readonly decision: DecisionData;
  readonly 'certificate-judgement': CertificateJudgementData;
  readonly 'golden-check': GoldenCheckData;
  readonly enrollment: EnrollmentData;
  readonly export: ExportData;
  readonly person: PersonData;
  readonly 'dps-key': DpsKeyData;
  readonly 'hierarchy-password': HierarchyPasswordData;
  readonly drain: DrainData;
  readonly kiosk: KioskData;
  readonly configuration: ConfigurationData;
  readonly 'trust-store': TrustStoreData;
  readonly 'work-order': WorkOrderData;
  readonly archive: ArchiveData;
  readonly courier: CourierData;
  readonly reconciliation: ReconciliationData;
}

export type EntryType = keyof EntryDataByType;
