/**
 * Which addresses this station has a reason to ask. A certificate in a DUT's TPM is anybody's writing, so:
 *
 * - a revocation list is asked for where a certificate names it that CAs of the trust store signed up to an anchor;
 * - an issuer's certificate is asked for where it is lacking. Nothing vouches then for what names it, so only hosts on the list
 *   of makers (`trustFetch.makerHosts`) are asked; what the plant itself put into its store may name any.
 *
 * Attempts of every end are looked at, each once: a product that requires a verified certificate refuses a device whose
 * issuer is not at hand, and it is that device which names it.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CertificateMalformed } from '../../trust/asn1-values.ts';
import { issuerAddresses, listAddresses } from '../../trust/distribution-points.ts';
import { type ParsedCertificate, parseCertificate } from '../../trust/parse-certificate.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import { Vouching } from '../../trust/vouched.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { StationCore } from '../open-core.ts';
import type { FetchedAddress, FetchRecord } from './fetch-record.ts';

const ATTEMPTS_AT_ONCE = 25;
/** Between pages, so that whoever records finds the processor free. */
const REST_MS = 5;
const MOST_ADDRESSES = 500;
const MOST_UNLISTED = 20;

type Wanted = Pick<FetchedAddress, 'kind' | 'address' | 'namedBy' | 'issuer' | 'sample'>;

/** States of a certificate that fits its key. */
const fitting: ReadonlySet<string | null> = new Set(['unchecked', 'untrusted', 'revoked', 'verified']);

/** Looks at what came since the record was made; from the beginning where the store is another one. */
export async function collectAddresses(
  core: StationCore,
  store: TrustStore,
  record: FetchRecord,
  signal: AbortSignal | undefined,
): Promise<FetchRecord> {
  const scannedBy = digestOf(store);
  const isAnew = record.scannedBy !== scannedBy;
  const found = new Collected(store, core.configuration);
  for (const { certificate } of core.trust.read()?.intermediates ?? []) found.addOfPlant(certificate);
  for (const { certificate } of store.intermediates) found.addLists(certificate);
  let scanned = isAnew ? 0 : record.scanned;
  for (;;) {
    const rows = core.ledger.harvests.certificates(scanned, ATTEMPTS_AT_ONCE);
    for (const { harvest_id, status, der } of rows)
      if (der !== null && fitting.has(status)) found.addOfAttempt(harvest_id, Buffer.from(der, 'base64'));
    scanned = rows.at(-1)?.number ?? scanned;
    if (rows.length < ATTEMPTS_AT_ONCE || signal?.aborted) break;
    await pause(REST_MS);
  }
  const wanted = found.wanted();
  const known = new Map(record.addresses.map(each => [keyOf(each), each]));
  const kept = isAnew && !signal?.aborted ? [] : record.addresses.filter(each => !wanted.has(keyOf(each)));
  const fresh = [...wanted].map(([key, each]) => ({ failures: 0, nextAt: 0, ...known.get(key), ...each }));
  return {
    ...record,
    addresses: [...kept, ...fresh].slice(0, MOST_ADDRESSES),
    unlisted: [...new Set([...(isAnew ? [] : record.unlisted), ...found.unlisted])].slice(0, MOST_UNLISTED),
    scanned,
    scannedBy: signal?.aborted ? '' : scannedBy,
  };
}

const keyOf = ({ kind, address }: Pick<FetchedAddress, 'kind' | 'address'>) => `${kind} ${address}`;

/** Whether a host may be asked on the word of a certificate that nothing vouches for. */
export function isMakersHost(address: string, { trustFetch }: Configuration): boolean {
  if (!URL.canParse(address)) return false;
  const { host } = new URL(address);
  return trustFetch.makerHosts.includes(host) || trustFetch.internalHosts.includes(host);
}

class Collected {
  readonly #vouching: Vouching;
  readonly #configuration: Configuration;
  readonly #wanted = new Map<string, Wanted>();
  readonly #seen = new Set<string>();
  readonly unlisted = new Set<string>();

  constructor(store: TrustStore, configuration: Configuration) {
    this.#vouching = new Vouching(store);
    this.#configuration = configuration;
  }

  wanted(): ReadonlyMap<string, Wanted> {
    return this.#wanted;
  }

  addLists(certificate: ParsedCertificate): void {
    const addresses = listAddresses(certificate).filter(
      address => !this.#wanted.has(keyOf({ kind: 'list', address })),
    );
    if (addresses.length === 0 || !this.#vouching.isVouched(certificate)) return;
    for (const address of addresses) this.#add({ kind: 'list', address, ...saidBy(certificate) });
  }

  /** The plant put it there itself, so it may name any host. */
  addOfPlant(certificate: ParsedCertificate): void {
    if (this.#vouching.lacksIssuer(certificate) !== certificate) return;
    for (const address of issuerAddresses(certificate))
      this.#add({ kind: 'issuer', address, ...saidBy(certificate), sample: `store:${certificate.sha256}` });
  }

  addOfAttempt(harvestId: string, der: Uint8Array): void {
    let certificate: ParsedCertificate;
    try {
      certificate = parseCertificate(der);
    } catch (error) {
      if (error instanceof CertificateMalformed) return;
      throw error;
    }
    if (this.#seen.has(certificate.sha256)) return;
    this.#seen.add(certificate.sha256);
    this.addLists(certificate);
    const addresses = issuerAddresses(certificate).filter(
      address => !this.#wanted.has(keyOf({ kind: 'issuer', address })),
    );
    // One that lacks the issuer of an intermediate is that intermediate's matter.
    if (addresses.length === 0 || this.#vouching.lacksIssuer(certificate) !== certificate) return;
    for (const address of addresses)
      if (isMakersHost(address, this.#configuration))
        this.#add({ kind: 'issuer', address, ...saidBy(certificate), sample: `harvest:${harvestId}` });
      else if (this.unlisted.size < MOST_UNLISTED && URL.canParse(address))
        this.unlisted.add(new URL(address).host.slice(0, 100));
  }

  #add(wanted: Wanted): void {
    if (this.#wanted.size < MOST_ADDRESSES) this.#wanted.set(keyOf(wanted), wanted);
  }
}

function saidBy({ subject, issuer }: ParsedCertificate): Pick<Wanted, 'namedBy' | 'issuer'> {
  return {
    namedBy: subject.canonical === '' ? `an EK certificate of ${issuer.text}` : subject.text,
    issuer: issuer.canonical,
  };
}

function digestOf({ anchors, intermediates }: TrustStore): string {
  const all = [...anchors, ...intermediates].map(({ certificate }) => certificate.sha256).sort();
  return createHash('sha256').update(all.join()).digest('hex');
}
