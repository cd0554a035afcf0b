/**
 * A letter from a stick, up to where this station may believe it: whole, decrypted, of its world (rehearsal or production),
 * and signed by a station that is on the list for this kind of letter.
 */
import { constants, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { decryptWith, isEncrypted } from '../../courier/encryption.ts';
import { CourierError } from '../../courier/errors.ts';
import { readLetter, type StatedLetter, type VerifiedLetter } from '../../courier/letter.ts';
import { limits } from '../../courier/limits.ts';
import { type Manifest, stationOf } from '../../courier/manifest.ts';
import { joinParts, type LetterKind, type PartFile } from '../../courier/parts.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';

/** The age identity of this station, in its secret store. */
export const courierIdentity = 'courier-identity';

export interface OpenedLetter<Kind extends LetterKind> extends VerifiedLetter {
  readonly manifest: Manifest<Kind>;
  readonly sha256: string;
  /** The key that the other station was known by until now. */
  readonly pinnedKey: string;
}

const takesOf = { bundle: 'bundles', receipt: 'receipts' } as const;

/** @throws CourierError; nothing was recorded then */
export async function openLetter<Kind extends LetterKind>(
  core: StationCore,
  kind: Kind,
  files: readonly string[],
): Promise<OpenedLetter<Kind>> {
  if (files.length > limits.parts) throw new CourierError('courier-too-large', `${files.length} files`);
  let room: number = limits.bytes + limits.parts * 1024;
  const parts: PartFile[] = [];
  for (const file of files) {
    const part = { name: file, bytes: await readWithin(file, room) };
    room -= part.bytes.length;
    parts.push(part);
  }
  const carried = joinParts(parts);
  if (carried.kind !== kind) throw new CourierError('courier-kind', `this is a ${carried.kind}`);
  const bytes = isEncrypted(carried.bytes)
    ? await decryptWith(core.secrets.read(courierIdentity)?.trim(), carried.bytes)
    : carried.bytes;
  const letter: StatedLetter<Kind> = readLetter(kind, bytes);
  const { manifest, sha256 } = letter;
  const id = 'bundleId' in manifest ? manifest.bundleId : manifest.receiptId;
  if (id !== carried.id)
    throw new CourierError('courier-tampered', 'its first line names another id than it was signed with');
  const pinnedKey = pinnedKeyOf(core, manifest.origin, kind);
  const verified = letter.verify(pinnedKey);
  if (manifest.rehearsal !== core.rehearsal)
    throw new CourierError(
      'courier-rehearsal',
      `it is of a ${manifest.rehearsal ? 'rehearsal' : 'production station'}`,
    );
  return { ...verified, manifest, sha256, pinnedKey };
}

/** The other station exchanged its key, and both keys said so: from here on the new one counts. Inside a transaction. */
export function followKey(
  core: StationCore,
  { manifest, newestKey, pinnedKey }: OpenedLetter<LetterKind>,
): void {
  if (newestKey === pinnedKey) return;
  core.ledger.courierPeers.follow(manifest.origin, newestKey);
  core.audit.append(core.identity, personOf(core.ledger, 'system', core.clock.read().at), {
    type: 'courier',
    data: { change: 'trusted', origin: manifest.origin, verifierKey: newestKey },
  });
}

function pinnedKeyOf({ ledger, identity }: StationCore, origin: string, kind: LetterKind): string {
  const stationId = stationOf(origin);
  if (stationId === identity.stationId) throw new CourierError('courier-own', `it is of ${origin}`);
  const peer = ledger.courierPeers.ofStation(stationId);
  if (peer?.takes !== takesOf[kind]) {
    const noReceiver =
      kind === 'receipt' && !ledger.courierPeers.all().some(({ takes }) => takes === 'receipts');
    throw new CourierError(
      noReceiver ? 'courier-no-receiver' : 'courier-not-trusted',
      `it says it is of ${origin}`,
    );
  }
  if (peer.origin !== origin)
    throw new CourierError('courier-new-log', `it is of ${origin}; this station knows ${peer.origin}`);
  return peer.verifier_key;
}

/** A pipe or a device might never end: none is opened, and none that took a file's place meanwhile is read. */
async function readWithin(file: string, mostBytes: number): Promise<Buffer> {
  const refuse = (found: Stats) => {
    if (!found.isFile()) throw new CourierError('courier-unreadable', `${file} is not a file`);
    if (found.size > mostBytes)
      throw new CourierError('courier-too-large', `${file} has ${found.size} bytes`);
  };
  try {
    refuse(await stat(file));
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      refuse(found);
      const bytes = Buffer.alloc(found.size);
      let read = 0;
      for (let more = 1; more > 0 && read < bytes.length; read += more)
        more = (await handle.read(bytes, read, bytes.length - read, read)).bytesRead;
      return bytes.subarray(0, read);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof CourierError) throw cause;
    throw new CourierError('courier-unreadable', `${file}: ${(cause as Error).message}`, { cause });
  }
}
