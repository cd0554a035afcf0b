/**
 * What one run at one DUT found, before the ledger has a word in it. Station code turns a finding into a verdict
 * inside the ledger's transaction (rule H6); everything here is plain data, safe to send to a screen.
 */
import type { EkTemplate } from '../tpm/ek-templates.ts';
import type { TpmIdentity } from '../tpm/tpm-identity.ts';
import type { PasswordUse } from './endorsement-authorization.ts';

export type { EkTemplate, PasswordUse, TpmIdentity };

export type HarvestStep = 'connect' | 'tpm' | 'key' | 'certificate' | 'proof' | 'record';
export const harvestSteps: readonly HarvestStep[] = [
  'connect',
  'tpm',
  'key',
  'certificate',
  'proof',
  'record',
];

/**
 * Rule H7: whether the TPM that answered holds the private half of the key. `not-tested` = the product's policy turns it
 * off, or the run ended before. It says which TPM answered, not which board that TPM sits on.
 */
export type Possession = 'proved' | 'failed' | 'not-tested';

export interface StepEvent {
  readonly step: HarvestStep;
  readonly state: 'started' | 'done';
  /** Milliseconds since the run began. */
  readonly atMs: number;
  /** With `done`: a few words or a number for the tile, from the DUT and already cleaned of control characters. */
  readonly found?: string;
}

export interface EndorsementKeyFinding {
  /** Marshalled TPM2B_PUBLIC, base64; byte-equal after parsing and marshalling again (rule H2). */
  readonly endorsementKey: string;
  /** SHA-256 over those bytes, hex. */
  readonly ekSha256: string;
  readonly registrationId: string;
  /** `sdk-empty-unique` = L-1 but for an empty `unique`, as Microsoft's SDKs make it; told only where we made it. */
  readonly ekTemplate: EkTemplate | 'sdk-empty-unique';
  /** Where it came from: the persistent handle, or a transient primary that was flushed again. */
  readonly source: 'persisted' | 'created';
}

/** `verified`, `untrusted` and `revoked` are said by the station, which knows the plant's trust store; a run ends with the others. */
export type CertificateStatus =
  | 'verified'
  | 'unchecked'
  | 'untrusted'
  | 'revoked'
  | 'absent'
  | 'mismatch'
  | 'unreadable';

/** What a run can say of a certificate by itself. */
export type ReadCertificate = CertificateFinding & {
  readonly status: Exclude<CertificateStatus, 'verified' | 'untrusted' | 'revoked'>;
};

export interface CertificateFinding {
  readonly status: CertificateStatus;
  /** NV index it was read from, hex with 0x, where there is one. */
  readonly nvIndex?: string;
  /** The bytes as they lie in NV, base64 (DER where readable; kept also when unreadable). */
  readonly der?: string;
  readonly sha256?: string;
  readonly subject?: string;
  readonly issuer?: string;
  /** RFC 3339. */
  readonly notAfter?: string;
  /** Why it is unreadable, a mismatch, untrusted or revoked, for the supervisor. */
  readonly detail?: string;
  /**
   * The rule that the chain breaks; with `unchecked`, a date that the station's unsynced clock cannot vouch for, or
   * `revocation-unknown`.
   */
  readonly rule?: string;
  /** With `verified`: what no revocation list at hand could say of the chain. */
  readonly revocation?: string;
  /** With `verified`: where the chain ends in the plant's trust store. */
  readonly anchor?: { readonly sha256: string; readonly subject: string };
  /** With `verified`: SHA-256 of each certificate, hex, from the EK certificate to the anchor. */
  readonly chain?: readonly string[];
  /** What the certificate says of its TPM: a maker's word, shown and compared, no proof. */
  readonly statedTpm?: {
    readonly manufacturer?: string;
    /** Eight hex digits. */
    readonly manufacturerId?: string;
    readonly model?: string;
    readonly version?: string;
  };
}

/** Rule H6: whether a TPM also holds the key that the ledger has for the serial. The TPM's own word. */
export interface RecordedKeyFinding {
  /** Of the recorded key, hex. */
  readonly ekSha256: string;
  /** A handle (`0x…`), `L-1` or `sdk-empty-unique`; `none` = not in this TPM; `unknown` = the TPM did not let us look. */
  readonly foundAt: string;
}

/** Rule H10: the serial that the board itself gives, beside the scanned one. The board's word, no proof. */
export interface DutSerialFinding {
  /** `taken`: the serial was the device's own from the start, so nothing was compared. */
  readonly status: 'same' | 'taken' | 'differs' | 'unread';
  readonly serial?: string;
  /** With `unread`: why. */
  readonly detail?: string;
}

export type WarningCode =
  | 'ek-not-persisted'
  | 'sdk-presents-other-key'
  | 'certificate-for-other-ek'
  | 'certificate-absent'
  | 'certificate-unreadable'
  | 'certificate-unchecked'
  | 'certificate-untrusted'
  /** Only a date stands against it, and the station's clock is not in step with any other. */
  | 'certificate-date-unsure'
  /** No list that holds says whether a certificate of the chain was revoked. */
  | 'certificate-revocation-unknown'
  /** The certificate names another maker than the TPM does. */
  | 'certificate-maker-differs'
  | 'simulator'
  /** The strings of Microsoft's reference code, which firmware TPMs keep; a product's policy can accept it. */
  | 'reference-firmware-tpm'
  /** The maker's id that virtual machines' TPMs have. */
  | 'virtual-tpm'
  /** The product asks the device for its own serial, and it gave none. */
  | 'dut-serial-unread'
  | 'handles-left';

/** Ways in which a run ends without a key that could be recorded as passed. */
export type RunFailureCode =
  | 'bridge-unreachable'
  | 'bridge-not-permitted'
  | 'bridge-host-key'
  | 'bridge-busy'
  | 'bridge-timeout'
  | 'bridge-closed'
  | 'bridge-garbage'
  /** A replay was asked what its transcript does not hold. */
  | 'bridge-not-recorded'
  | 'cancelled'
  | 'tpm-not-2.0'
  | 'tpm-not-started'
  | 'tpm-failure-mode'
  | 'tpm-locked-out'
  | 'tpm-busy'
  | 'tpm-out-of-memory'
  | 'hierarchy-password'
  /** The TPM did not take the password that a supervisor gave. */
  | 'hierarchy-password-refused'
  | 'hierarchy-disabled'
  | 'tpm-upgrade'
  | 'tpm-error'
  | 'tpm-answer-malformed'
  /** An answer that had to show the hierarchy's password does not. */
  | 'tpm-answer-forged';
/** Ways in which a rule refuses what was read. */
export type RunRefusalCode =
  | 'ek-absent'
  | 'ek-malformed'
  | 'ek-unfit'
  | 'simulator-refused'
  | 'dut-serial-differs'
  | 'dut-serial-unread'
  | 'certificate-mismatch'
  | 'possession-failed';

export interface RunEvidence {
  /** Only where the product asks for it. */
  readonly dutSerial?: DutSerialFinding;
  readonly tpm?: TpmIdentity;
  readonly key?: EndorsementKeyFinding;
  readonly certificate?: CertificateFinding;
  readonly possession: Possession;
  /** Only where the ledger has another key for this serial. */
  readonly recordedKey?: RecordedKeyFinding;
  /** What became of a hierarchy's password that was given; absent where none was sent. */
  readonly hierarchyPassword?: PasswordUse;
  readonly warnings: readonly WarningCode[];
}

export type Finding =
  | (RunEvidence & {
      readonly outcome: 'read';
      readonly tpm: TpmIdentity;
      readonly key: EndorsementKeyFinding;
      readonly certificate: CertificateFinding;
    })
  | (RunEvidence & { readonly outcome: 'refused'; readonly code: RunRefusalCode; readonly detail: string })
  | (RunEvidence & {
      readonly outcome: 'failed';
      readonly code: RunFailureCode;
      readonly detail: string;
      /** The TPM's response code where one was answered, e.g. `0x921`. */
      readonly responseCode?: string;
      /** Its name in TPM 2.0 Part 2, e.g. `TPM_RC_LOCKOUT`; absent for a code of a maker or of software in between. */
      readonly responseCodeName?: string;
      readonly step: HarvestStep;
    });
