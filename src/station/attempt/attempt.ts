/** One attempt at one device, before the ledger has judged it: who, what, where, and what was found. */
import type { EndorsementKeyForm } from '../../enrollment/endorsement-key-forms.ts';
import type { Finding, RunEvidence, WarningCode } from '../../harvest/finding.ts';
import type { TctiName } from '../../tcti/tcti.ts';
import type { ProductConfiguration } from '../configuration/configuration.ts';
import type { CertificateRefusalCode, SerialRefusalCode } from './verdict.ts';

/** A serial that was refused before any device was touched. */
export interface SerialRefusal {
  readonly outcome: 'refused';
  readonly code: SerialRefusalCode;
  readonly detail: string;
  readonly warnings: readonly WarningCode[];
}

/** A key that was read whole, and refused because its product requires a verified certificate (rule H8). */
export type CertificateRefusal = RunEvidence & {
  readonly outcome: 'refused';
  readonly code: CertificateRefusalCode | 'certificate-mismatch';
  readonly detail: string;
};

/** What an import knows: an EK, and nothing about the TPM that holds it. */
export interface ImportedKey {
  readonly outcome: 'imported';
  readonly key: {
    readonly endorsementKey: string;
    readonly ekSha256: string;
    readonly registrationId: string;
    readonly ekTemplate: string;
  };
  /** As the file has it; must be the one that Keyline derives (rule H3). */
  readonly statedRegistrationId: string | null;
  /** Where the key was not there as TPM2B_PUBLIC, how it was; of an export, whose log it shows and whether it was sealed. */
  readonly source?: {
    readonly keyForm?: EndorsementKeyForm;
    readonly log?: string;
    readonly logSealed?: boolean;
    /** Id of the courier bundle that brought it. */
    readonly courierBundle?: string;
  };
  readonly warnings: readonly WarningCode[];
}

export interface Attempt {
  readonly harvestId: string;
  readonly serial: string | null;
  readonly product: ProductConfiguration;
  readonly workOrder: string | null;
  readonly fixture: string | null;
  /** The kind of bridge; its address is the plant's and stays out of the audit. */
  readonly bridge: TctiName | null;
  readonly account: string;
  /** Who signed in at the kiosk: counts before the account, and stays true when that person is removed meanwhile. */
  readonly personId?: string | undefined;
  readonly statedOperator: string | null;
  /** Random id of who gave a hierarchy's password for this attempt, sent or not. */
  readonly passwordBy?: string | undefined;
  readonly durationMs: number;
  readonly finding: Finding | SerialRefusal | CertificateRefusal | ImportedKey;
}
