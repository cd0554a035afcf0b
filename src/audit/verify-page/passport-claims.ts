/** Whether a passport's entries show what it claims: attempts at its own key that count, and its own device's enrollment. */
import type { ParsedEntry } from './entry.ts';
import { type Claim, Found } from './verdict.ts';

export const isPassed = ({ data }: ParsedEntry): boolean =>
  data.verdict === 'passed' || data.verdict === 'retest';

/** @throws Found */
export function compareClaims(
  device: { readonly ekSha256?: string; readonly serial: string | null },
  claims: readonly (Claim & { readonly origin: string })[],
  entries: readonly ParsedEntry[],
): void {
  const own = entries.filter(({ data }) => data.ekSha256 === device.ekSha256);
  const making = own.filter(
    entry => isPassed(entry) && (entry.data.serial ?? device.serial) === device.serial,
  );
  const made = making.map(({ data }) => data.harvestId);
  const decided = making.flatMap(({ type, data }) =>
    type === 'decision' ? (data.decides as { harvestId?: unknown } | undefined)?.harvestId : [],
  );
  const revoked = revocations(own, decided);
  for (const { what, origin, index, at } of claims) {
    const entry = entries.find(each => each.origin === origin && each.index === index);
    const shown =
      entry?.at === at &&
      ((made.includes(entry.data.harvestId) && deviceShows(entry) === what) ||
        (own.includes(entry) &&
          (attemptShows(entry, decided).includes(what) ||
            certificateShows(entry, decided, revoked) === what)));
    if (!shown) throw new Found('claim-differs', index);
  }
}

const counts = (entry: ParsedEntry, decided: readonly unknown[]): boolean =>
  isPassed(entry) || decided.includes(entry.data.harvestId);

function attemptShows(entry: ParsedEntry, decided: readonly unknown[]): readonly string[] {
  const { type, data } = entry;
  if (!counts(entry, decided)) return [];
  if (type === 'import') return ['key-imported'];
  if (type !== 'harvest') return [];
  return ['key-read', ...(data.possession === 'proved' ? ['possession'] : [])];
}

const certificateIn = ({ data }: ParsedEntry) =>
  (data.certificate ?? {}) as { readonly status?: unknown; readonly sha256?: unknown };

function isVerified(entry: ParsedEntry, decided: readonly unknown[]): boolean {
  if (certificateIn(entry).status !== 'verified') return false;
  return entry.type === 'certificate-judgement' || (entry.type === 'harvest' && counts(entry, decided));
}

/** By certificate, the entry that says its maker revoked it, where none says later, by a list, that it holds again. */
function revocations(own: readonly ParsedEntry[], decided: readonly unknown[]): Map<unknown, ParsedEntry> {
  const revoked = new Map<unknown, ParsedEntry>();
  for (const entry of own) {
    if (!['harvest', 'certificate-judgement'].includes(entry.type)) continue;
    const { status, sha256 } = certificateIn(entry);
    const warnings = (entry.data.warnings ?? []) as readonly unknown[];
    if (status === 'revoked') revoked.set(sha256, entry);
    else if (isVerified(entry, decided) && !warnings.includes('certificate-revocation-unknown'))
      revoked.delete(sha256);
  }
  return revoked;
}

function certificateShows(
  entry: ParsedEntry,
  decided: readonly unknown[],
  revoked: ReadonlyMap<unknown, ParsedEntry>,
): string | undefined {
  const by = revoked.get(certificateIn(entry).sha256);
  if (by) return by === entry ? 'certificate-revoked' : undefined;
  return isVerified(entry, decided) ? 'certificate' : undefined;
}

function deviceShows({ type, data }: ParsedEntry): string | undefined {
  if (type === 'decision') return 'decided';
  if (type !== 'enrollment') return undefined;
  if (data.change === 'retired') return 'retired';
  if (data.change !== 'enrolled') return undefined;
  switch (data.operation) {
    case undefined:
    case 'update':
      return 'enrolled';
    case 'disable':
      return 'disabled';
    case 'enable':
      return 'enabled';
    case 'delete':
      return 'deleted';
  }
  return undefined;
}
