/**
 * What is known of each address that was fetched or is to be: `trust-fetched/fetches.json`, written whole by whoever holds the
 * lock of the fetcher. It can be lost at any time: then all is looked at and fetched again.
 */
import path from 'node:path';
import { z } from 'zod';
import type { DataDirectory } from '../data-directory.ts';
import { replaceFile } from '../export/write-once.ts';
import { readSmallFile } from '../read-small-file.ts';

const RECORD_FILE = 'fetches.json';
const LARGEST_BYTES = 8 * 1024 * 1024;

const addressSchema = z.object({
  kind: z.enum(['list', 'issuer']),
  address: z.string(),
  /** Subject of the certificate that names it, for people. */
  namedBy: z.string(),
  /** The name of that certificate's issuer, comparable. */
  issuer: z.string(),
  /** Of an issuer: where the certificate is that lacks it; `harvest:` and its id, or `store:` and its SHA-256. */
  sample: z.string().optional(),
  /** SHA-256 of what was taken from there, hex; absent: nothing yet. */
  sha256: z.string().optional(),
  /** Epoch milliseconds: of the last try and of the next one; from when and till when a list holds. */
  triedAt: z.number().optional(),
  nextAt: z.number(),
  thisUpdate: z.number().optional(),
  nextUpdate: z.number().optional(),
  /** Failures in a row, and the last one. */
  failures: z.number(),
  fault: z.object({ code: z.string(), detail: z.string() }).optional(),
});

const recordSchema = z.object({
  v: z.literal(1),
  addresses: z.array(addressSchema),
  /** Hosts that only a TPM's own certificate names for its issuer and that are not among the makers'. */
  unlisted: z.array(z.string()),
  /** Number of the last attempt whose certificate was looked at, by the store that `scannedBy` is the digest of. */
  scanned: z.number(),
  scannedBy: z.string(),
});

export type FetchedAddress = z.infer<typeof addressSchema>;
export type FetchRecord = z.infer<typeof recordSchema>;

export function readFetchRecord({ trustFetchedDirectory }: DataDirectory): FetchRecord {
  try {
    const text = readSmallFile(path.join(trustFetchedDirectory, RECORD_FILE), LARGEST_BYTES);
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return { v: 1, addresses: [], unlisted: [], scanned: 0, scannedBy: '' };
  }
}

export function writeFetchRecord({ trustFetchedDirectory }: DataDirectory, record: FetchRecord): void {
  replaceFile(trustFetchedDirectory, RECORD_FILE, `${JSON.stringify(record)}\n`);
}
