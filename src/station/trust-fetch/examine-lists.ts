/** What `doctor` and `status` say of revocation lists and of what is fetched for the trust store: nothing is fetched for it. */

import { distributionPoints } from '../../trust/distribution-points.ts';
import { judgeRevocation } from '../../trust/judge-revocation.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import { Vouching } from '../../trust/vouched.ts';
import type { DoctorFinding } from '../doctor/doctor-finding.ts';
import type { StationCore } from '../open-core.ts';
import { type FetchFault, faultsOf } from './fetch-fault.ts';
import { readFetchRecord } from './fetch-record.ts';
import { judgesRevocation } from './judges-revocation.ts';

export interface ListsView {
  readonly lists: number;
  /** Lists at hand, of the newest of each issuer, that hold no more. */
  readonly stale: number;
  /** Intermediates that were fetched. */
  readonly fetchedIntermediates: number;
  /** Addresses that gave nothing when they were asked last. */
  readonly notFetched: number;
}

const MOST_NAMED = 5;

/** Null where there is no trust store, or no product has revocation judged. */
export function viewLists(core: StationCore): ListsView | null {
  const store = core.trust.store();
  if (store === undefined || !core.configuration.products.some(judgesRevocation)) return null;
  const own = core.trust.read()?.intermediates.length ?? 0;
  return {
    lists: store.lists.length,
    stale: staleIn(store, core.clock.read().at).length,
    fetchedIntermediates: store.intermediates.length - own,
    notFetched: faultsOf(readFetchRecord(core.directory)).length,
  };
}

export function examineLists(core: StationCore): DoctorFinding[] {
  const check = 'revocation lists';
  const view = viewLists(core);
  const store = core.trust.store();
  if (view === null || store === undefined) return [];
  const record = readFetchRecord(core.directory);
  const faults = faultsOf(record);
  const stale = staleIn(store, core.clock.read().at);
  const open = withoutList(store, core.clock.read().at);
  const found = [
    `${view.lists} at hand`,
    ...(view.fetchedIntermediates > 0 ? [`${view.fetchedIntermediates} intermediates fetched`] : []),
    ...few(stale),
    ...few(open),
    ...few(faults.map(inWords)),
    ...(record.unlisted.length > 0
      ? [`named by TPMs alone and not asked: ${record.unlisted.join(', ')}`]
      : []),
  ].join('; ');
  const [fault] = faults;
  if (fault) return [{ check, state: 'notice', found, remedy: fault.hint }];
  if (stale.length > 0 || open.length > 0)
    return [
      {
        check,
        state: 'notice',
        found,
        remedy: `Fetch them (keyline trust fetch), or carry them by hand into ${core.trust.folder}. A product whose plant cannot says "revocation": "off".`,
      },
    ];
  if (record.unlisted.length > 0)
    return [
      {
        check,
        state: 'notice',
        found,
        remedy: 'If one of these hosts is a maker’s, add it to trustFetch.makerHosts in keyline.json.',
      },
    ];
  return [{ check, state: 'good', found }];
}

function inWords({ kind, address, code, detail }: FetchFault): string {
  return `cannot fetch ${kind === 'list' ? 'the list' : 'the issuer'} at ${address.slice(0, 200)}: ${detail} (${code})`;
}

function few(all: readonly string[]): readonly string[] {
  return all.length <= MOST_NAMED
    ? all
    : [...all.slice(0, MOST_NAMED), `and ${all.length - MOST_NAMED} more`];
}

/** Of each issuer the newest list. */
function staleIn({ lists }: TrustStore, at: number): string[] {
  const newest = new Map<string, (typeof lists)[number]['list']>();
  for (const { list } of lists) {
    const known = newest.get(list.issuer.canonical);
    if (!known || known.thisUpdate < list.thisUpdate) newest.set(list.issuer.canonical, list);
  }
  return [...newest.values()]
    .filter(({ nextUpdate }) => (nextUpdate ?? 0) < at)
    .map(
      ({ issuer, nextUpdate }) =>
        `the list of ${issuer.text} held until ${nextUpdate === undefined ? '?' : new Date(nextUpdate).toISOString().slice(0, 10)}`,
    );
}

/** Intermediates that name a list and of which none says anything now, but for those that are only stale. */
function withoutList(store: TrustStore, at: number): string[] {
  const vouching = new Vouching(store);
  return store.intermediates.flatMap(({ certificate }) => {
    const [signer] = vouching.signersOf(certificate);
    if (!signer || distributionPoints(certificate).length === 0) return [];
    const judged = judgeRevocation(certificate, signer, store.listsOf(certificate), at);
    return judged.state === 'unknown' && judged.code !== 'list-stale' ? [judged.detail] : [];
  });
}
