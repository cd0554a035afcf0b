/**
 * What a list of devices says of itself, in a file beside it: how many, the hash of its bytes, the log and its signed
 * checkpoint, the key, and a seal over all of that. One RFC 8785 object, a seal with it, and a line feed.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { formatSeal } from '../seal.ts';
import { signNote } from '../signed-note.ts';
import type { StationKey } from '../station-key.ts';
import type { ListFormat } from './device-list.ts';
import type { StatedSelection } from './selection.ts';

export interface ManifestContent {
  /** Name of the list's file, without its folder. */
  readonly file: string;
  readonly list: ListFormat;
  readonly devices: number;
  readonly bytes: number;
  /** Hex, over the list's bytes. */
  readonly sha256: string;
  readonly filter: StatedSelection;
  /** RFC 3339. */
  readonly madeAt: string;
  /** Version of Keyline. */
  readonly keyline: string;
  readonly rehearsal: boolean;
  readonly origin: string;
  /** Entries of the log, and the note over them. */
  readonly size: number;
  readonly checkpoint: string;
  /** Notes by which keys took each other's place (key-chain.ts), first one first; absent: there was one key. */
  readonly rotations?: readonly string[];
}

export const manifestNameOf = (file: string): string => `${file}.manifest.json`;

export function makeManifest(content: ManifestContent, key: StationKey): Buffer {
  const stated = { ...content, format: 'keyline-list-manifest', v: 1, verifierKey: key.verifierKey };
  const digest = hash('sha256', canonicalize(stated)!, 'buffer');
  const { origin, size } = content;
  const seal = signNote(formatSeal({ kind: 'manifest', origin, size, digest }), key);
  return Buffer.from(`${canonicalize({ ...stated, seal })}\n`);
}
