/** What the certificate of a lot says: figures, and whether the lot is complete. */
export interface LotFacts {
  readonly workOrder: string;
  readonly products: readonly string[];
  readonly station: { readonly name: string; readonly line: string };
  readonly rehearsal: boolean;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  /** Undefined where nobody said how many were ordered. */
  readonly ordered: number | undefined;
  /** Devices in force: passed at a fixture, and imported. */
  readonly harvested: number;
  readonly imported: number;
  /** Of these, acknowledged by DPS; the others by the state of their newest entry. */
  readonly enrolled: number;
  readonly notEnrolled: Readonly<Record<string, number>>;
  readonly certificateDebt: number;
  /** Of these in debt, those of which the maker revoked a certificate of the chain. */
  readonly certificateRevoked: number;
  readonly retired: number;
  readonly attempts: number;
  /** Units that passed at their first attempt, and later. */
  readonly passedAtFirst: number;
  readonly passedLater: number;
  /** Units that were tried and never passed. */
  readonly neverPassed: number;
  /** First and last device, epoch milliseconds; undefined where there is none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly buckets: readonly LotBucket[];
}

/** A span of the lot's time. */
export interface LotBucket {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly attempts: number;
  readonly passed: number;
}

export type Incomplete =
  | { readonly why: 'quantity-unknown' }
  | {
      readonly why: 'too-few' | 'too-many' | 'not-enrolled' | 'certificate-revoked';
      readonly count: number;
    }
  | { readonly why: 'no-device' };

/** Empty: the lot is complete. */
export function whyIncomplete(facts: LotFacts): readonly Incomplete[] {
  const { ordered, harvested, imported, enrolled, certificateRevoked } = facts;
  const made = harvested + imported;
  const reasons: (Incomplete | false)[] = [
    ordered === undefined && { why: 'quantity-unknown' },
    made === 0 && { why: 'no-device' },
    ordered !== undefined && made < ordered && { why: 'too-few', count: ordered - made },
    ordered !== undefined && made > ordered && { why: 'too-many', count: made - ordered },
    enrolled < made && { why: 'not-enrolled', count: made - enrolled },
    certificateRevoked > 0 && { why: 'certificate-revoked', count: certificateRevoked },
  ];
  return reasons.filter(reason => reason !== false);
}

/** A unit that is listed: it never passed, is not enrolled, left service, or its maker revoked its certificate. */
export interface LotException {
  readonly kind: 'never-passed' | 'not-enrolled' | 'retired' | 'certificate-revoked';
  readonly serial: string | null;
  readonly registrationId?: string;
  /** Code of the last verdict, state and reason of the entry, or why it left service. */
  readonly why: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Whose word the certificate is. */
export interface LotEvidence {
  readonly origin: string;
  readonly size: number;
  /** Signed note, and C2SP verifier key. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  /** Version of Keyline. */
  readonly keyline: string;
}
