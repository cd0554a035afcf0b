/** What a reconciliation can find, each kind with what it means and what to do about it. */
import type { ChangedMember } from '../../outbox/enrollment-change.ts';
import type { ConflictReason } from '../../outbox/store.ts';

export const findingKinds = [
  'missing',
  'changed',
  'not-ours',
  'not-acknowledged',
  'not-deleted',
  'not-in-ledger',
  'same-key',
  'unknown-origin',
] as const;

export type FindingKind = (typeof findingKinds)[number];

/** Kinds that the outbox can put right by itself, when told to. */
export const applicableKinds = [
  'missing',
  'changed',
  'not-acknowledged',
  'not-deleted',
] as const satisfies FindingKind[];

export type ApplicableKind = (typeof applicableKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** As the ledger has it; of what the ledger does not know, as DPS has it: untrusted text. */
  readonly registrationId: string;
  readonly deviceId: string | null;
  /** The ledger's; of what it does not know, what the enrollment names: untrusted text. */
  readonly serial: string | null;
  /** Of `changed`: what DPS has otherwise. */
  readonly members?: readonly ChangedMember[];
  /** Of `not-ours`: why. */
  readonly reason?: ConflictReason;
  /** Of `not-acknowledged`: the entry that waits for a person, where one does. */
  readonly entryId?: string;
  /** Kind of attestation, of what the ledger does not know: untrusted text. */
  readonly attestation?: string;
}

/** A finding as it is told: `asked` where DPS was asked about this very enrollment again after the walk came upon it. */
export interface ToldFinding extends Finding {
  readonly asked: boolean;
}

export interface Proposal {
  readonly means: string;
  readonly remedy: string;
}

export const proposals: Readonly<Record<FindingKind, Proposal>> = {
  missing: {
    means: 'The ledger has it as enrolled, DPS does not have it.',
    remedy: 'Find out who deleted it. To create it again: keyline sync --reconcile --apply missing --as ID',
  },
  changed: {
    means: 'DPS has it otherwise than the ledger last wanted it.',
    remedy:
      'Find out who changed it. To write what the ledger wants: keyline sync --reconcile --apply changed --as ID',
  },
  'not-ours': {
    means:
      'The ledger has it as enrolled, and what DPS has by this id is another device’s or of unknown origin.',
    remedy:
      'Find out which board is in the field. Ours: delete theirs in DPS, then keyline sync --reconcile --apply missing --as ID. Theirs: keyline devices delete DEVICE --reason … --as ID takes ours out of service; its delete stops at the conflict desk, where it is cancelled.',
  },
  'not-acknowledged': {
    means: 'DPS has it as our entry wants it, and the ledger does not know.',
    remedy:
      'Of an entry that waits for a person: keyline queue retry ENTRY, or all of them by --apply not-acknowledged. Of a device whose create was cancelled: keyline devices enable or delete DEVICE.',
  },
  'not-deleted': {
    means: 'The device left service or was deleted in DPS, and DPS still has its enrollment.',
    remedy: 'To delete it: keyline sync --reconcile --apply not-deleted --as ID',
  },
  'not-in-ledger': {
    means: 'The enrollment names this station, and this ledger does not know it: the ledger is an older one.',
    remedy: 'Look for a newer copy of the ledger. Else harvest or import the devices again.',
  },
  'same-key': {
    means: 'DPS has the key of one of our devices under another id as well: one TPM, two enrollments.',
    remedy: 'Compare the boards (keyline devices show DEVICE), and delete in DPS the one that is wrong.',
  },
  'unknown-origin': {
    means: 'No station’s name is in it, and this ledger does not know it.',
    remedy: 'Find out which tool or person made it.',
  },
};
