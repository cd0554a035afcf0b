/**
 * What was fetched, put where the trust store reads it (rule H8): a list in the place of the one before from the same address; an issuer
 * with its audit entry or not at all, for it widens what is believed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fetchedFiles } from '../attempt/plant-trust.ts';
import { removeFile, replaceFile } from '../export/write-once.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { changeFiles } from '../settings/change-files.ts';
import type { FetchedIssuer } from './fetch-issuers.ts';

export function hasFetchedList({ directory }: StationCore, address: string): boolean {
  return existsSync(path.join(fetchedFiles(directory), listFile(address)));
}

export function keepFetchedList({ directory }: StationCore, address: string, der: Uint8Array): void {
  replaceFile(fetchedFiles(directory), listFile(address), der);
}

export function keepFetchedIssuer(
  { ledger, audit, identity, clock, directory }: StationCore,
  { der, certificate, address }: FetchedIssuer,
): void {
  const folder = fetchedFiles(directory);
  const file = `${certificate.sha256}.cer`;
  changeFiles(ledger, putBack => {
    audit.append(identity, personOf(ledger, 'system', clock.read().at), {
      type: 'trust-store',
      data: { change: 'fetched', file, certificates: [certificate.sha256], address },
    });
    if (!existsSync(path.join(folder, file))) putBack(() => removeFile(folder, file));
    replaceFile(folder, file, der);
  });
}

/** A name that nobody's address can choose. */
function listFile(address: string): string {
  return `${createHash('sha256').update(address).digest('hex')}.crl`;
}
