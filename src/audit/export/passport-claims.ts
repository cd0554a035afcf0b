/**
 * What a passport says again for people of what its entries show. What was read and proved of a key is claimed of attempts
 * that passed, and of the refused one that a person's decision on this device rests on; never of one that stayed refused, nor of
 * another key that was tried under the same serial. What became of an enrollment is claimed of this device's own, not of one before it.
 */
export interface PassportClaim {
  readonly what:
    | 'key-read'
    | 'key-imported'
    | 'possession'
    | 'certificate'
    /** A person overruled the verdict on a duplicate (rule H6). */
    | 'decided'
    /** DPS acknowledged what was asked of it. */
    | 'enrolled'
    | 'disabled'
    | 'enabled'
    | 'deleted'
    | 'retired';
  readonly origin: string;
  readonly index: number;
  readonly at: string;
}

export interface ClaimedEntry {
  readonly type: string;
  readonly at: string;
  readonly index: number;
  readonly origin: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** @param harvestId of the attempt that made the device */
export function claimsOf(
  entries: readonly ClaimedEntry[],
  { ekSha256, harvestId }: { readonly ekSha256: string; readonly harvestId: string },
): PassportClaim[] {
  const ownDecision = ({ type, data }: ClaimedEntry) => type === 'decision' && data.harvestId === harvestId;
  const decided = new Set(
    entries.filter(ownDecision).map(({ data }) => (data.decides as { harvestId: string }).harvestId),
  );
  return entries.flatMap(entry => {
    const { type, data, origin, index, at } = entry;
    const own = data.harvestId === harvestId;
    const shown = [
      ...(type === 'enrollment' && own ? changeOf(data) : []),
      ...(type === 'decision' && own ? (['decided'] as const) : []),
      ...(data.ekSha256 === ekSha256 ? attemptShows(entry, decided) : []),
    ];
    return shown.map(what => ({ what, origin, index, at }));
  });
}

function attemptShows({ type, data }: ClaimedEntry, decided: ReadonlySet<string>): PassportClaim['what'][] {
  const passed = data.verdict === 'passed' || data.verdict === 'retest';
  if (!passed && !decided.has(data.harvestId as string)) return [];
  if (type === 'import') return ['key-imported'];
  if (type !== 'harvest') return [];
  const { status } = (data.certificate ?? {}) as { status?: unknown };
  return [
    'key-read',
    ...(data.possession === 'proved' ? (['possession'] as const) : []),
    ...(status === 'verified' ? (['certificate'] as const) : []),
  ];
}

/** By what was asked of DPS; a create is not written out. */
const acknowledged: Readonly<Record<string, PassportClaim['what']>> = {
  create: 'enrolled',
  update: 'enrolled',
  disable: 'disabled',
  enable: 'enabled',
  delete: 'deleted',
};

function changeOf({ change, operation = 'create' }: ClaimedEntry['data']): PassportClaim['what'][] {
  if (change === 'retired') return ['retired'];
  const what = change === 'enrolled' ? acknowledged[operation as string] : undefined;
  return what ? [what] : [];
}
