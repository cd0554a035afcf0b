/**
 * The online side of the trust store (rule H8): what certificates name and this station lacks is fetched, checked and put
 * beside the plant's own store, each address once however many devices name it. Harvests only ever read what lies there;
 * nothing that they import can open a connection for it. One process at a time.
 */
import { acquireFileLock } from '../../../db/file-lock.ts';
import { type ParsedCertificate, parseCertificate } from '../../trust/parse-certificate.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import { FetchError } from '../../trust-fetch/errors.ts';
import { type FetchOptions, fetchAddress } from '../../trust-fetch/fetch-address.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { collectAddresses, isMakersHost } from './collect-addresses.ts';
import { type FetchFault, faultsOf } from './fetch-fault.ts';
import { fetchIssuers } from './fetch-issuers.ts';
import { readFetchedList } from './fetch-list.ts';
import { type FetchedAddress, type FetchRecord, readFetchRecord, writeFetchRecord } from './fetch-record.ts';
import { hasFetchedList, keepFetchedIssuer, keepFetchedList } from './fetched-files.ts';
import { FetchedUnfit } from './fetched-unfit.ts';
import { judgesRevocation } from './judges-revocation.ts';
import { isDue, nextOfFailed, nextOfList, nextOfSame } from './next-fetch.ts';

export interface TrustFetchRequest {
  /** A person asks: what failed is tried at once. What holds is not asked for again all the same. */
  readonly insist?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly environment?: FetchOptions['environment'];
  /** Milliseconds for one address. */
  readonly deadlineMs?: number;
}

export interface TrustFetchReport {
  readonly fetched: readonly {
    readonly kind: 'list' | 'issuer';
    readonly address: string;
    readonly sha256: string;
  }[];
  readonly faults: readonly FetchFault[];
  /** Addresses that were not asked: what came from there holds, or they are tried later. */
  readonly notDue: number;
  /** Hosts that only TPMs' own certificates name, and that are not on the list of makers. */
  readonly unlisted: readonly string[];
}

const LOCK_FILE = 'trust-fetch.lock';
const DEADLINE_MS = 20_000;
const mostBytes = { list: 1024 * 1024, issuer: 64 * 1024 } as const;
/** Each issuer that came may name the next one, and its list. */
const MOST_ROUNDS = 4;
/** @throws StationError `trust-fetch-elsewhere`, `trust-store-empty`; what cannot be fetched is in the report */
export async function fetchTrust(
  core: StationCore,
  request: TrustFetchRequest = {},
): Promise<TrustFetchReport> {
  const lock = acquireFileLock(core.directory.path, LOCK_FILE);
  if (!lock) throw new StationError('trust-fetch-elsewhere', 'the lock of the fetcher is held');
  try {
    return await new Run(core, request).run();
  } finally {
    lock.release();
  }
}

class Run {
  readonly #core: StationCore;
  readonly #request: TrustFetchRequest;
  readonly #fetched: TrustFetchReport['fetched'][number][] = [];
  /** Each address is asked once in a run. */
  readonly #asked = new Set<FetchedAddress['address']>();
  #record: FetchRecord;

  constructor(core: StationCore, request: TrustFetchRequest) {
    this.#core = core;
    this.#request = request;
    this.#record = readFetchRecord(core.directory);
  }

  async run(): Promise<TrustFetchReport> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      this.#record = await collectAddresses(this.#core, this.#store(), this.#record, this.#request.signal);
      const before = this.#fetched.length;
      await this.#each('issuer', target => this.#issuer(target));
      if (this.#fetched.length === before) break;
    }
    if (this.#core.configuration.products.some(judgesRevocation))
      await this.#each('list', target => this.#list(target));
    writeFetchRecord(this.#core.directory, this.#record);
    const { addresses, unlisted } = this.#record;
    return {
      fetched: this.#fetched,
      faults: faultsOf(this.#record),
      notDue: addresses.filter(({ address }) => !this.#asked.has(address)).length,
      unlisted,
    };
  }

  #store(): TrustStore {
    const store = this.#core.trust.store();
    if (store === undefined)
      throw new StationError('trust-store-empty', `no anchor in ${this.#core.trust.folder}`);
    return store;
  }

  async #each(
    kind: FetchedAddress['kind'],
    take: (target: FetchedAddress) => Promise<FetchedAddress>,
  ): Promise<void> {
    for (const target of this.#record.addresses) {
      if (this.#request.signal?.aborted) return;
      const { at } = this.#core.clock.read();
      const isWanted = isDue(target, at) || (this.#request.insist && target.fault !== undefined);
      if (target.kind !== kind || !isWanted || this.#asked.has(target.address)) continue;
      this.#asked.add(target.address);
      this.#put(target, await this.#tried(target, take));
    }
  }

  /** On disk at once: what was asked is not asked again after a crash. */
  #put(old: FetchedAddress, next: FetchedAddress): void {
    const addresses = this.#record.addresses.map(each => (each === old ? next : each));
    this.#record = { ...this.#record, addresses };
    writeFetchRecord(this.#core.directory, this.#record);
  }

  async #tried(
    target: FetchedAddress,
    take: (target: FetchedAddress) => Promise<FetchedAddress>,
  ): Promise<FetchedAddress> {
    const { at } = this.#core.clock.read();
    try {
      return { ...(await take(target)), triedAt: at };
    } catch (error) {
      if (!(error instanceof FetchError || error instanceof FetchedUnfit)) throw error;
      // Being stopped is nobody's fault.
      if (error.code === 'stopped') return target;
      return failed(target, { code: error.code, detail: error.message }, at);
    }
  }

  async #list(target: FetchedAddress): Promise<FetchedAddress> {
    const bytes = await this.#fetch(target.address, 'list');
    const list = readFetchedList(bytes, target, this.#store());
    const { at } = this.#core.clock.read();
    const dates = { thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate! };
    const isSame = list.sha256 === target.sha256 && hasFetchedList(this.#core, target.address);
    if (!isSame) {
      keepFetchedList(this.#core, target.address, bytes);
      this.#fetched.push({ kind: 'list', address: target.address, sha256: list.sha256 });
    }
    const taken = { ...target, sha256: list.sha256, ...dates };
    if (at > dates.nextUpdate || at < dates.thisUpdate) {
      const held = `${dayOf(dates.thisUpdate)} to ${dayOf(dates.nextUpdate)}`;
      return failed(
        taken,
        { code: 'list-stale', detail: `the newest list that is there holds from ${held}` },
        at,
      );
    }
    const { fault: _, ...good } = taken;
    return { ...good, failures: 0, nextAt: isSame ? nextOfSame(dates, at) : nextOfList(dates, at) };
  }

  async #issuer(target: FetchedAddress): Promise<FetchedAddress> {
    const lacking = this.#sampleOf(target);
    const { fault: _, ...good } = target;
    // The attempt or the file is gone: nothing lacks it any more.
    if (lacking === undefined) return { ...good, failures: 0, nextAt: Number.MAX_SAFE_INTEGER };
    const issuers = await fetchIssuers(lacking, target.address, {
      store: this.#store(),
      fetch: address => this.#fetch(address, 'issuer'),
      mayAsk: address => isMakersHost(address, this.#core.configuration),
    });
    for (const issuer of issuers) {
      keepFetchedIssuer(this.#core, issuer);
      this.#fetched.push({ kind: 'issuer', address: issuer.address, sha256: issuer.certificate.sha256 });
    }
    return { ...good, sha256: issuers[0]!.certificate.sha256, failures: 0 };
  }

  #sampleOf({ sample }: FetchedAddress): ParsedCertificate | undefined {
    const [place, id] = (sample ?? '').split(':');
    if (place === 'store')
      return this.#core.trust.read()?.intermediates.find(({ certificate }) => certificate.sha256 === id)
        ?.certificate;
    const der = id === undefined ? null : this.#core.ledger.harvests.certificateOf(id)?.der;
    // It was read once, when it was collected.
    return der ? parseCertificate(Buffer.from(der, 'base64')) : undefined;
  }

  #fetch(address: string, kind: FetchedAddress['kind']): Promise<Buffer> {
    return fetchAddress(address, {
      mostBytes: mostBytes[kind],
      deadlineMs: this.#request.deadlineMs ?? DEADLINE_MS,
      internalHosts: this.#core.configuration.trustFetch.internalHosts,
      environment: this.#request.environment ?? process.env,
      signal: this.#request.signal,
    });
  }
}

function failed(target: FetchedAddress, fault: FetchedAddress['fault'], at: number): FetchedAddress {
  const failures = target.failures + 1;
  return { ...target, triedAt: at, failures, fault, nextAt: nextOfFailed(failures, at) };
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
