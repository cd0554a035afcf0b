/**
 * That one checkpoint of a log extends another, as a small file that stands alone: both signed notes, and the hashes between
 * them (RFC 6962 section 2.1.2), which show no entry. One RFC 8785 object, a seal with it, and a line feed; README.md of src/audit
 * has its members.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { formatSeal } from '../seal.ts';
import { signNote } from '../signed-note.ts';
import type { StationKey } from '../station-key.ts';

export interface ConsistencyContent {
  readonly origin: string;
  /** The signed notes, the smaller log first. */
  readonly from: string;
  readonly to: string;
  /** Base64, in the order of RFC 6962. */
  readonly proof: readonly string[];
  /** Notes by which keys took each other's place (key-chain.ts), first one first; absent: there was one key. */
  readonly rotations?: readonly string[];
  /** RFC 3339. */
  readonly madeAt: string;
  /** Version of Keyline. */
  readonly keyline: string;
  readonly rehearsal: boolean;
}

/** @param size entries that the later checkpoint covers */
export function makeConsistency(content: ConsistencyContent, size: number, key: StationKey): Buffer {
  const stated = { ...content, format: 'keyline-consistency-proof', v: 1, verifierKey: key.verifierKey };
  const digest = hash('sha256', canonicalize(stated)!, 'buffer');
  const seal = signNote(formatSeal({ kind: 'consistency', origin: content.origin, size, digest }), key);
  return Buffer.from(`${canonicalize({ ...stated, seal })}\n`);
}
