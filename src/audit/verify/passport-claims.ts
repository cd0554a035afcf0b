/** Whether the entries of a passport show what it claims of them: of its own key and its own device, and nothing more. */

import type { EntryFacts } from './scan-entry.ts';
import type { PassportClaim } from './verdict.ts';
import { Found } from './verdict.ts';

export interface ClaimingPassport {
  readonly device: { readonly ekSha256: string; readonly serial: string | null };
  readonly claims: readonly PassportClaim[];
}

/** @throws Found `claim-differs` */
export function compareClaims({ device, claims }: ClaimingPassport, entries: readonly EntryFacts[]): void {
  const ofKey = entries.filter(({ data }) => data.ekSha256 === device.ekSha256);
  // An import without a serial is named by the first harvest of its key.
  const made = ofKey.filter(
    entry => isPassed(entry) && (entry.data.serial ?? device.serial) === device.serial,
  );
  const decided = new Set(
    made
      .filter(({ type }) => type === 'decision')
      .map(({ data }) => (data.decides as { harvestId?: unknown } | undefined)?.harvestId),
  );
  const evidence: Evidence = {
    ofKey: new Set(ofKey),
    made: new Set(made.map(({ data }) => data.harvestId)),
    decided,
    revoked: revokedBy(ofKey, decided),
  };
  for (const { what, origin, index, at } of claims) {
    const entry = entries.find(each => each.origin === origin && each.index === index);
    if (entry?.at !== at || !shows(entry, what, evidence))
      throw new Found('claim-differs', `entry ${index} does not show "${what}"`, { index });
  }
}

interface Evidence {
  readonly ofKey: ReadonlySet<EntryFacts>;
  /** Attempts that made this device, as harvest ids. */
  readonly made: ReadonlySet<unknown>;
  /** Attempts that a person's decision on this device rests on. */
  readonly decided: ReadonlySet<unknown>;
  /** Entries by which a certificate is revoked, by the certificate's digest. */
  readonly revoked: ReadonlyMap<unknown, EntryFacts>;
}

const isPassed = ({ data }: EntryFacts): boolean => data.verdict === 'passed' || data.verdict === 'retest';

/** The newest judgement counts (rule H8); only one that knew of a list says that a certificate is revoked no more. */
function revokedBy(
  entries: readonly EntryFacts[],
  decided: ReadonlySet<unknown>,
): ReadonlyMap<unknown, EntryFacts> {
  const revoked = new Map<unknown, EntryFacts>();
  for (const entry of entries) {
    if (entry.type !== 'harvest' && entry.type !== 'certificate-judgement') continue;
    const { status, sha256 } = certificateOf(entry);
    if (status === 'revoked') revoked.set(sha256, entry);
    if (status !== 'verified' || !judges(entry, decided)) continue;
    const { warnings } = entry.data;
    const unknown = Array.isArray(warnings) && warnings.includes('certificate-revocation-unknown');
    if (!unknown) revoked.delete(sha256);
  }
  return revoked;
}

function certificateOf({ data }: EntryFacts): { readonly status?: unknown; readonly sha256?: unknown } {
  return data.certificate ?? {};
}

const judges = (entry: EntryFacts, decided: ReadonlySet<unknown>): boolean =>
  entry.type === 'certificate-judgement' ||
  (entry.type === 'harvest' && (isPassed(entry) || decided.has(entry.data.harvestId)));

function shows(entry: EntryFacts, what: string, { ofKey, decided, made, revoked }: Evidence): boolean {
  const { type, data } = entry;
  const counts = ofKey.has(entry) && (isPassed(entry) || decided.has(data.harvestId));
  const { status, sha256 } = certificateOf(entry);
  switch (what) {
    case 'key-read':
      return counts && type === 'harvest';
    case 'key-imported':
      return counts && type === 'import';
    case 'possession':
      return counts && type === 'harvest' && data.possession === 'proved';
    case 'certificate':
      return ofKey.has(entry) && judges(entry, decided) && status === 'verified' && !revoked.has(sha256);
    case 'certificate-revoked':
      return ofKey.has(entry) && revoked.get(sha256) === entry;
    case 'decided':
      return type === 'decision' && made.has(data.harvestId);
    case 'retired':
      return type === 'enrollment' && made.has(data.harvestId) && data.change === 'retired';
    default:
      return (
        type === 'enrollment' &&
        made.has(data.harvestId) &&
        data.change === 'enrolled' &&
        asks(what, data.operation)
      );
  }
}

/** What was asked of DPS that makes this so; a create is not written out. */
function asks(what: string, operation: unknown): boolean {
  switch (what) {
    case 'enrolled':
      return operation === undefined || operation === 'update';
    case 'disabled':
      return operation === 'disable';
    case 'enabled':
      return operation === 'enable';
    case 'deleted':
      return operation === 'delete';
    default:
      return false;
  }
}
