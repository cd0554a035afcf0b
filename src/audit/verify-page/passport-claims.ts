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
  for (const { what, origin, index, at } of claims) {
    const entry = entries.find(each => each.origin === origin && each.index === index);
    const shown =
      entry?.at === at &&
      ((made.includes(entry.data.harvestId) && deviceShows(entry) === what) ||
        (own.includes(entry) && attemptShows(entry, decided).includes(what)));
    if (!shown) throw new Found('claim-differs', index);
  }
}

function attemptShows(entry: ParsedEntry, decided: readonly unknown[]): readonly string[] {
  const { type, data } = entry;
  if (!isPassed(entry) && !decided.includes(data.harvestId)) return [];
  if (type === 'import') return ['key-imported'];
  if (type !== 'harvest') return [];
  const { status } = (data.certificate ?? {}) as { status?: unknown };
  return [
    'key-read',
    ...(data.possession === 'proved' ? ['possession'] : []),
    ...(status === 'verified' ? ['certificate'] : []),
  ];
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
