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
  const evidence: Evidence = {
    ofKey: new Set(ofKey),
    made: new Set(made.map(({ data }) => data.harvestId)),
    decided: new Set(
      made
        .filter(({ type }) => type === 'decision')
        .map(({ data }) => (data.decides as { harvestId?: unknown } | undefined)?.harvestId),
    ),
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
}

const isPassed = ({ data }: EntryFacts): boolean => data.verdict === 'passed' || data.verdict === 'retest';

function shows(entry: EntryFacts, what: string, { ofKey, decided, made }: Evidence): boolean {
  const { type, data } = entry;
  const counts = ofKey.has(entry) && (isPassed(entry) || decided.has(data.harvestId));
  switch (what) {
    case 'key-read':
      return counts && type === 'harvest';
    case 'key-imported':
      return counts && type === 'import';
    case 'possession':
      return counts && type === 'harvest' && data.possession === 'proved';
    case 'certificate':
      return (
        counts &&
        type === 'harvest' &&
        (data.certificate as { status?: unknown } | undefined)?.status === 'verified'
      );
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
