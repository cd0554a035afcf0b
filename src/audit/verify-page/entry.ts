/** One audit entry from its text: RFC 8785, with the members that every entry has. */
import { canonicalObject } from './bytes.ts';

export interface ParsedEntry {
  readonly index: number;
  readonly at: string;
  readonly type: string;
  readonly origin: string;
  readonly rehearsal: boolean;
  readonly personId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function parseEntry(text: string): ParsedEntry | undefined {
  const entry = canonicalObject(text);
  if (entry?.v !== 1 || typeof entry.index !== 'number' || typeof entry.rehearsal !== 'boolean')
    return undefined;
  for (const name of ['origin', 'at', 'type', 'personId'])
    if (typeof entry[name] !== 'string') return undefined;
  if (typeof entry.data !== 'object' || entry.data === null) return undefined;
  return entry as unknown as ParsedEntry;
}
