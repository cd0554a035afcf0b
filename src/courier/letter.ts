/**
 * What a station signs and a courier carries: a C2SP signed note whose text is a manifest, then a body of lines that the
 * manifest counts and hashes. The key that signs is the one of the station's audit log; the manifest brings the notes by which
 * it took the place of earlier ones, so that whoever knows any of them can follow (rule A2). The first line has
 * blanks, which no origin has: a letter never passes for a checkpoint or a seal. Untrusted until `openLetter` is done.
 *
 *     keyline courier <bundle|receipt> 1
 *     <manifest, RFC 8785 JSON on one line>
 *
 *     — <origin> <signature>
 *     <body: RFC 8785 JSON lines>
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { AuditError } from '../audit/errors.ts';
import { KeyChain } from '../audit/key-chain.ts';
import { type NoteSigner, openNote, signNote } from '../audit/signed-note.ts';
import { canonicalLine, parseCanonical } from './canonical-json.ts';
import { CourierError } from './errors.ts';
import { limits } from './limits.ts';
import { type BodyFacts, type Manifest, manifestSchemas } from './manifest.ts';
import type { LetterKind } from './parts.ts';

export interface SealedLetter {
  readonly bytes: Buffer;
  /** Of all bytes, hex: what a receipt is bound to. */
  readonly sha256: string;
}

/** @param manifest what is known beside the body @param lines in the order that is to be kept */
export function sealLetter<Kind extends LetterKind>(
  kind: Kind,
  manifest: Omit<Manifest<Kind>, keyof BodyFacts>,
  lines: readonly string[],
  signer: NoteSigner,
): SealedLetter {
  if (lines.some(line => line.length > limits.lineBytes))
    throw new CourierError('courier-too-large', 'an entry is too long for a letter');
  const body = Buffer.from(lines.map(line => `${line}\n`).join(''));
  const facts: BodyFacts = { entries: lines.length, bodyBytes: body.length, bodySha256: digestOf(body) };
  const note = signNote(`keyline courier ${kind} 1\n${canonicalLine({ ...manifest, ...facts })}\n`, signer);
  if (Buffer.byteLength(note) > limits.noteBytes)
    throw new CourierError('courier-too-large', 'the manifest is too long to be signed');
  const bytes = Buffer.concat([Buffer.from(note), body]);
  return { bytes, sha256: digestOf(bytes) };
}

/** A letter whose shape is right; nobody looked at its signature yet. */
export interface StatedLetter<Kind extends LetterKind> {
  readonly manifest: Manifest<Kind>;
  readonly sha256: string;
  /**
   * Whether it is what a station signed that is known by this key.
   * @returns its keys and its lines
   * @throws CourierError `courier-other-key`, `courier-tampered`
   */
  verify(pinnedKey: string): VerifiedLetter;
}

export interface VerifiedLetter {
  readonly keys: KeyChain;
  /** The key that signs today; the next letter must be signed by it or by one that it leads to. */
  readonly newestKey: string;
  readonly lines: readonly string[];
}

/** @throws CourierError `courier-unreadable`, `courier-malformed`, `courier-too-large` */
export function readLetter<Kind extends LetterKind>(kind: Kind, bytes: Buffer): StatedLetter<Kind> {
  const end = noteEnd(bytes);
  const note = bytes.subarray(0, end).toString('utf8');
  const [, json = ''] =
    new RegExp(`^keyline courier ${kind} 1\\n([^\\n]*)\\n\\n— [^\\n]+\\n$`, 'u').exec(note) ?? [];
  // Which schema it is follows from the kind, which the compiler cannot see.
  const parsed = (manifestSchemas[kind] as unknown as z.ZodType<Manifest<Kind>>).safeParse(
    parseCanonical(json, 'the manifest'),
  );
  if (!parsed.success)
    throw new CourierError('courier-malformed', `the manifest: ${parsed.error.issues[0]?.path.join('.')}`);
  const manifest = parsed.data;
  const body = bytes.subarray(end);
  return {
    manifest,
    sha256: digestOf(bytes),
    verify: pinnedKey => verifyLetter(manifest, note, body, pinnedKey),
  };
}

function verifyLetter(
  manifest: Manifest<LetterKind>,
  note: string,
  body: Buffer,
  pinnedKey: string,
): VerifiedLetter {
  let keys: KeyChain;
  try {
    keys = KeyChain.of(manifest.origin, manifest.verifierKey, manifest.rotations);
  } catch (cause) {
    if (!(cause instanceof AuditError)) throw cause;
    throw new CourierError('courier-tampered', `the keys of ${manifest.origin}: ${cause.message}`, { cause });
  }
  if (!keys.keys.includes(pinnedKey))
    throw new CourierError(
      'courier-other-key',
      `it is signed by another key than the one known of ${manifest.origin}`,
    );
  if (!openNote(note, keys.newest).ok)
    throw new CourierError('courier-tampered', `the signature of ${manifest.origin} does not fit`);
  if (body.length !== manifest.bodyBytes || digestOf(body) !== manifest.bodySha256)
    throw new CourierError('courier-tampered', 'the entries are not those that were signed');
  const lines = body.toString('utf8').split('\n');
  if (lines.pop() !== '' || lines.length !== manifest.entries)
    throw new CourierError('courier-malformed', `${lines.length} entries instead of ${manifest.entries}`);
  return { keys, newestKey: manifest.verifierKey, lines };
}

/** Behind the first signature line: letters have one signature. */
function noteEnd(bytes: Buffer): number {
  const head = bytes.subarray(0, limits.noteBytes);
  const signature = head.indexOf('\n\n— ');
  const end = signature < 0 ? -1 : head.indexOf('\n', signature + 2);
  if (end < 0) throw new CourierError('courier-tampered', 'there is no signed manifest in it');
  return end + 1;
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
