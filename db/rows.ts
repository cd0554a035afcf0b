/** Plain row types of the ledger: text keys, times as epoch milliseconds (integers), JSON as text. */

export type LedgerKind = 'production' | 'rehearsal';

/** One row; made at creation, never changed (rule S5). */
export interface LedgerRow {
  readonly ledger_id: string;
  readonly kind: LedgerKind;
  readonly created_at: number;
}

/** One audit log: origin = station id / log id (rule A1). The newest row is the current one. */
export interface LogRow {
  readonly log_id: string;
  readonly station_id: string;
  readonly origin: string;
  /** C2SP signed-note verifier key, `<name>+<hash>+<base64>`. */
  readonly verifier_key: string;
  readonly started_at: number;
}

/** A person as the ledger knows one: a random id, and what stays out of the audit (rule A1). */
export interface PersonRow {
  readonly person_id: string;
  /** How the host names them (`os:root`), or how they sign in (`person:mina`); `removed:…` where they left. */
  readonly account: string;
  readonly created_at: number;
  /** This and the next three: only of people who sign in. */
  readonly name: string | null;
  readonly role: 'operator' | 'supervisor' | 'engineer' | 'auditor' | null;
  /** Keyed digest, hex. */
  readonly badge_digest: string | null;
  /** PHC string of scrypt. */
  readonly pin_hash: string | null;
  /** Wrong PINs since the last right one, and until when none is looked at (epoch milliseconds). */
  readonly wrong_pins: number;
  readonly pin_not_before: number;
  readonly removed_at: number | null;
}

/** One attempt, whatever its end (rule H4). */
export interface HarvestRow {
  readonly harvest_id: string;
  readonly at: number;
  readonly origin: 'harvested' | 'imported';
  readonly serial: string | null;
  readonly product: string;
  readonly work_order: string | null;
  readonly fixture: string | null;
  readonly person_id: string;
  readonly stated_operator: string | null;
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: string;
  readonly ek_sha256: string | null;
  readonly registration_id: string | null;
  readonly duration_ms: number;
  /** The whole finding as JSON text: TPM identity, certificate, warnings, detail. */
  readonly evidence: string;
  /** The log and the 0-based index of the audit entry that was written with this row. */
  readonly log_id: string;
  readonly audit_index: number;
}

/** One device: made by a passed harvest or an import; in force it reserves its serial (within the product) and its EK (rule H6). */
export interface DeviceRow {
  readonly device_id: string;
  /** Null where an import named none; the first passed harvest of this EK fills it in. */
  readonly serial: string | null;
  readonly product: string;
  readonly work_order: string | null;
  readonly origin: 'harvested' | 'imported';
  readonly registration_id: string;
  readonly ek_sha256: string;
  /** Marshalled TPM2B_PUBLIC. */
  readonly endorsement_key: Buffer;
  readonly ek_template: string;
  readonly certificate_status: string;
  readonly certificate: Buffer | null;
  /** Why it is not verified, in words; null where it is, or nothing more is to be said. */
  readonly certificate_detail: string | null;
  /** 1 where its product wants the certificate judged and it is not verified (rule H8). */
  readonly certificate_debt: 0 | 1;
  readonly harvest_id: string;
  readonly created_at: number;
  /** The device that this one goes on from: the same place on a new board, or the same key that came back. */
  readonly predecessor_id: string | null;
  /** When and why it left service; it then reserves nothing and never changes again. */
  readonly retired_at: number | null;
  readonly retired_reason: string | null;
}

export interface OutboxRow {
  readonly entry_id: string;
  readonly device_id: string;
  readonly harvest_id: string;
  readonly registration_id: string;
  readonly operation: 'create' | 'update' | 'disable' | 'enable' | 'delete';
  /** JSON text: the enrollment document of a create; of the others id, key and the members that are to be so. */
  readonly document: string;
  /** The DPS it is for (rule O8); null while the station had none configured. */
  readonly dps_host: string | null;
  readonly id_scope: string | null;
  readonly state: 'queued' | 'sending' | 'enrolled' | 'conflict' | 'quarantined' | 'cancelled';
  /** The entry that must be settled before this one is due; the schema hands it on. */
  readonly waits_for: string | null;
  /** The etag of an enrollment that is not ours and that a person decided to change nevertheless. */
  readonly over_etag: string | null;
  /** The reason that the person gave who asked for it. */
  readonly because: string | null;
  readonly attempts: number;
  readonly not_before: number;
  readonly reason: string | null;
  /** JSON text: what DPS has, or why it was set aside. */
  readonly detail: string | null;
  readonly etag: string | null;
  readonly created_at: number;
  readonly sent_at: number | null;
  readonly settled_at: number | null;
}

/** A reference unit at a fixture: an attempt that makes no device and is not counted. */
export interface GoldenCheckRow {
  readonly check_id: string;
  readonly at: number;
  /** Null where it was not at a fixture of the station. */
  readonly fixture: string | null;
  readonly serial: string;
  readonly product: string;
  readonly person_id: string;
  readonly verdict: 'passed' | 'failed';
  readonly code: string;
  readonly ek_sha256: string | null;
  readonly certificate_status: string | null;
  readonly duration_ms: number;
  /** The whole finding as JSON text. */
  readonly evidence: string;
  readonly log_id: string;
  readonly audit_index: number;
}

export interface AuditEntryRow {
  /** 0-based index in its log. */
  readonly idx: number;
  /** RFC 8785 bytes; none where they rest in an archive. */
  readonly entry: Buffer;
  /** SHA-256(0x00 || entry), 32 bytes. Stays when the bytes go. */
  readonly leaf_hash: Buffer;
}

/** A file outside in which entries of a closed work order rest. */
export interface ArchiveRow {
  readonly log_id: string;
  /** Index of the entry that tells of it. */
  readonly audit_index: number;
  readonly work_order: string;
  /** Its name, without a folder. */
  readonly file: string;
  /** Of its bytes, hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Entries of the log that it covers, shown or as a hash. */
  readonly size: number;
  /** Entries that rest in it, and the first and the last of them. */
  readonly entries: number;
  readonly first: number;
  readonly last: number;
  /** The order's entries of the outbox up to this row were all settled by then. */
  readonly outbox_through: number;
  readonly made_at: number;
}

/** Entries that rest in an archive, from first to last. */
export interface ArchiveRun {
  readonly first: number;
  readonly last: number;
}

/** A key that took the place of the one before it. */
export interface LogKeyRow {
  readonly log_id: string;
  /** Index of the entry that says so; what covers it is signed by this key. */
  readonly idx: number;
  readonly verifier_key: string;
  /** The exchange as a note that both keys signed. */
  readonly note: string;
}

export interface CheckpointRow {
  readonly log_id: string;
  readonly size: number;
  /** The signed note, text. */
  readonly note: string;
  readonly made_at: number;
}

/** There while a person holds back what goes to DPS. */
export interface DrainPauseRow {
  readonly since: number;
  readonly person_id: string;
  readonly reason: string;
}

/** A lot of one product. */
export interface WorkOrderRow {
  /** As it was scanned. */
  readonly work_order: string;
  readonly product: string;
  /** Null where nobody said how many. */
  readonly quantity: number | null;
  /** Devices in an hour; null: what the product's configuration asks. */
  readonly target_per_hour: number | null;
  /** Devices in force that were recorded under it; kept by the schema. */
  readonly passed: number;
  readonly opened_at: number;
  /** Random ids of people. */
  readonly opened_by: string;
  readonly closed_at: number | null;
  readonly closed_by: string | null;
}

/** Written before anything is loaded into a TPM without a resource manager, removed after the flush (rule H1). */
export interface RunNoteRow {
  readonly bridge: string;
  readonly harvest_id: string;
  /** JSON array of transient handles that were loaded before we came. */
  readonly handles_before: string;
  readonly written_at: number;
}

/** A station whose bundles, or the receiver whose receipts, are taken here. */
export interface CourierPeerRow {
  readonly origin: string;
  readonly station_id: string;
  /** The newest one that is known. */
  readonly verifier_key: string;
  readonly takes: 'bundles' | 'receipts';
  readonly added_at: number;
  readonly person_id: string;
}

/** A bundle that was packed here. */
export interface CourierPackedRow {
  readonly bundle_id: string;
  /** The log that signed it, and the bundle's place among its bundles, from 1 on. */
  readonly origin: string;
  readonly sequence: number;
  /** Of the signed bytes before encryption, hex. */
  readonly sha256: string;
  readonly made_at: number;
  readonly valid_until: number;
  readonly entries: number;
  /** Number of the newest receipt that came back; 0: none. */
  readonly receipt: number;
  /** The receiver's log that counts by this number. */
  readonly receipt_origin: string | null;
}

/** A bundle of another station that was taken here. */
export interface CourierTakenRow {
  readonly bundle_id: string;
  readonly origin: string;
  readonly sequence: number;
  readonly sha256: string;
  readonly made_at: number;
  readonly taken_at: number;
  readonly entries: number;
  /** Receipts that were written for it. */
  readonly receipts: number;
}

/** An outbox entry of another station, once for ever: what it became here. */
export interface CourierForeignEntryRow {
  readonly station_id: string;
  readonly entry_id: string;
  readonly harvest_id: string;
  /** The entry of this ledger that stands for it; null where a rule refused it. */
  readonly local_entry_id: string | null;
  readonly code: string;
  readonly detail: string;
}
