/**
 * Rule H6 as one pure function: what the ledger already knows about this EK and this serial decides. Called inside the
 * ledger's transaction, on rows read in that same transaction. Only passed harvests and imports made those rows.
 */
import type { DuplicateCode } from './verdict.ts';

export interface KnownDevice {
  readonly deviceId: string;
  readonly serial: string | null;
  readonly product: string;
  readonly ekSha256: string;
}

export interface Candidate {
  readonly serial: string | null;
  readonly product: string;
  readonly ekSha256: string;
}

export type DuplicateDecision =
  | { readonly kind: 'new' }
  /** Same EK and serial: nothing new is recorded for DPS. */
  | { readonly kind: 'retest'; readonly deviceId: string }
  /** Same EK, imported without a serial: this harvest is the first to name one. */
  | { readonly kind: 'names-serial'; readonly deviceId: string }
  | {
      readonly kind: 'refused';
      readonly code: Exclude<DuplicateCode, 'same-tpm-other-key' | 'other-tpm'>;
      readonly other: KnownDevice;
    };

/**
 * @param byKey the device with this EK, if any (an EK is in the ledger once, whatever the product)
 * @param bySerial the device with this serial within the product, if any
 */
export function decideDuplicate(
  candidate: Candidate,
  byKey: KnownDevice | undefined,
  bySerial: KnownDevice | undefined,
): DuplicateDecision {
  if (byKey) {
    if (byKey.product !== candidate.product) return { kind: 'refused', code: 'other-product', other: byKey };
    if (byKey.serial === candidate.serial || candidate.serial === null)
      return { kind: 'retest', deviceId: byKey.deviceId };
    if (byKey.serial !== null) return { kind: 'refused', code: 'clone', other: byKey };
    if (bySerial) return { kind: 'refused', code: 'serial-has-other-key', other: bySerial };
    return { kind: 'names-serial', deviceId: byKey.deviceId };
  }
  if (bySerial && candidate.serial !== null)
    return { kind: 'refused', code: 'serial-has-other-key', other: bySerial };
  return { kind: 'new' };
}
