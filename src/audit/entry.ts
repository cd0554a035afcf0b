/**
 * One audit entry as bytes: RFC 8785 (JCS) of one JSON object, hashed as an RFC 6962 leaf. Entries are believed for
 * years by programs that are not ours, so only values with one JSON form everywhere get in: whole numbers up to 2^53-1
 * and well-formed Unicode. Everything else is refused before a byte is written.
 */
import canonicalize from 'canonicalize';
import type { EntryDataByType, EntryType } from './entry-data.ts';
import { AuditError } from './errors.ts';
import { leafHash } from './merkle.ts';

/** Bytes. A reader may refuse longer entries; what a DPS or a DUT sent is cut long before by those who record it. */
export const longestEntry = 256 * 1024;

interface EntryFrame {
  /** The log: station id / log id. */
  readonly origin: string;
  /** 0-based, without gaps. */
  readonly index: number;
  /** Epoch milliseconds of the wall clock. */
  readonly at: number;
  readonly bootId: string;
  /** Whole milliseconds of the system's monotonic clock: comparable within one boot (rule O7). */
  readonly monotonicMs: number;
  readonly clock: 'synced' | 'unsynced';
  readonly personId: string;
  readonly rehearsal: boolean;
}

/** An entry of each type with its data. */
export type AuditEntry = {
  readonly [Type in EntryType]: EntryFrame & { readonly type: Type; readonly data: EntryDataByType[Type] };
}[EntryType];

export interface StoredEntry {
  readonly bytes: Buffer;
  /** SHA-256(0x00 ‖ bytes), 32 bytes. */
  readonly leafHash: Buffer;
}

/** @throws AuditError `entry-invalid` naming the member that has no certain JSON form */
export function makeEntry(entry: AuditEntry): StoredEntry {
  if (!Number.isSafeInteger(entry.at)) throw new AuditError('entry-invalid', 'at is not a whole number');
  const { at, ...rest } = entry;
  const content = { ...rest, at: new Date(at).toISOString(), v: 1 };
  refuseUncertainValues(content, 'entry');
  const bytes = Buffer.from(canonicalize(content)!);
  if (bytes.length > longestEntry)
    throw new AuditError('entry-invalid', `an entry of ${bytes.length} bytes is too long`);
  return { bytes, leafHash: leafHash(bytes) };
}

function refuseUncertainValues(value: unknown, place: string): void {
  const why = uncertainty(value);
  if (why !== undefined) throw new AuditError('entry-invalid', `${place} ${why}`);
  if (value === null || typeof value !== 'object') return;
  for (const [name, member] of Object.entries(value)) {
    if (!name.isWellFormed())
      throw new AuditError('entry-invalid', `${place} has a name with half a surrogate pair`);
    refuseUncertainValues(member, `${place}.${name}`);
  }
}

/** Why a value has no certain JSON form; undefined where it has one. */
function uncertainty(value: unknown): string | undefined {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return undefined;
    case 'string':
      return value.isWellFormed() ? undefined : 'has half a surrogate pair';
    case 'number':
      return Number.isSafeInteger(value) ? undefined : 'is not a whole number below 2^53';
    case 'object':
      if (value === null || Array.isArray(value)) return undefined;
      return Object.getPrototypeOf(value) === Object.prototype ? undefined : 'is not plain data';
    default:
      return 'is not plain data';
  }
}
