/**
 * What a passport says again for people of what its entries show. What was read and proved of a key is claimed of attempts
 * that passed, and of the refused one that a person's decision on this device rests on; never of one that stayed refused, nor of
 * another key that was tried under the same serial. What became of an enrollment is claimed of this device's own, not of one before it.
 * A certificate that its maker revoked since is claimed as that alone (rule H8): what said before that it is verified holds no more.
 */
export interface PassportClaim {
  readonly what:
    | 'key-read'
    | 'key-imported'
    | 'possession'
    | 'certificate'
    /** Its maker revoked it or one of its chain, and nothing says since that it is in force again. */
    | 'certificate-revoked'
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
  const ofKey = entries.filter(({ data }) => data.ekSha256 === ekSha256);
  const revoked = revokedIn(ofKey, decided);
  const certificateShows = (entry: ClaimedEntry): PassportClaim['what'][] => {
    const by = revoked.get(certificateIn(entry).sha256);
    if (by !== undefined) return by === entry ? ['certificate-revoked'] : [];
    return saysVerified(entry, decided) ? ['certificate'] : [];
  };
  return entries.flatMap(entry => {
    const { type, data, origin, index, at } = entry;
    const own = data.harvestId === harvestId;
    const shown = [
      ...(type === 'enrollment' && own ? changeOf(data) : []),
      ...(type === 'decision' && own ? (['decided'] as const) : []),
      ...(data.ekSha256 === ekSha256 ? [...attemptShows(entry, decided), ...certificateShows(entry)] : []),
    ];
    return shown.map(what => ({ what, origin, index, at }));
  });
}

const counts = ({ data }: ClaimedEntry, decided: ReadonlySet<string>): boolean =>
  data.verdict === 'passed' || data.verdict === 'retest' || decided.has(data.harvestId as string);

function attemptShows(entry: ClaimedEntry, decided: ReadonlySet<string>): PassportClaim['what'][] {
  const { type, data } = entry;
  if (!counts(entry, decided)) return [];
  if (type === 'import') return ['key-imported'];
  if (type !== 'harvest') return [];
  return ['key-read', ...(data.possession === 'proved' ? (['possession'] as const) : [])];
}

/** Entries that say how a certificate was judged; a golden check is of no device. */
const judging: ReadonlySet<string> = new Set(['harvest', 'certificate-judgement']);

interface CertificateSaid {
  readonly status?: string;
  readonly sha256?: string;
}

const certificateIn = ({ data }: ClaimedEntry): CertificateSaid => data.certificate ?? {};

const saysVerified = (entry: ClaimedEntry, decided: ReadonlySet<string>): boolean =>
  certificateIn(entry).status === 'verified' &&
  (entry.type === 'certificate-judgement' || (entry.type === 'harvest' && counts(entry, decided)));

const knewOfNoList = ({ data }: ClaimedEntry): boolean =>
  ((data.warnings ?? []) as readonly string[]).includes('certificate-revocation-unknown');

/** The entry that says so, by the certificate's SHA-256. A harvest that was refused for it says so as well. */
function revokedIn(
  ofKey: readonly ClaimedEntry[],
  decided: ReadonlySet<string>,
): ReadonlyMap<string | undefined, ClaimedEntry> {
  const revoked = new Map<string | undefined, ClaimedEntry>();
  for (const entry of ofKey) {
    const { status, sha256 } = certificateIn(entry);
    if (status === 'revoked' && judging.has(entry.type)) revoked.set(sha256, entry);
    // What says nothing of revocation does not lift one.
    else if (saysVerified(entry, decided) && !knewOfNoList(entry)) revoked.delete(sha256);
  }
  return revoked;
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
