/**
 * C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint): the head of a log as the text of a signed note.
 *
 *     <origin>
 *     <size, decimal>
 *     <root hash, base64>
 *
 * Further lines are extensions; we write none and read past none, because nothing of ours would check them.
 */
import { fromBase64 } from './base64.ts';
import { AuditError } from './errors.ts';
import { hashLength } from './merkle.ts';
import { isKeyName, type NoteSigner, signNote } from './signed-note.ts';

export interface Checkpoint {
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly rootHash: Buffer;
}

export function formatCheckpoint({ origin, size, rootHash }: Checkpoint): string {
  if (!isKeyName(origin) || !Number.isSafeInteger(size) || size < 0 || rootHash.length !== hashLength) {
    throw new AuditError('checkpoint-invalid', `no checkpoint can be made of size ${size} for "${origin}"`);
  }
  return `${origin}\n${size}\n${rootHash.toString('base64')}\n`;
}

/** @param text the text of a note, with its last line feed */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [, origin, digits, encoded = ''] =
    /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n$/u.exec(text) ?? [];
  const size = Number(digits);
  const rootHash = fromBase64(encoded);
  if (origin === undefined || !Number.isSafeInteger(size) || rootHash?.length !== hashLength)
    return undefined;
  return { origin, size, rootHash };
}

/** What a signed note states, before anybody looked at its signatures. */
export function statedCheckpoint(note: string): Checkpoint | undefined {
  return parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
}

/** The checkpoint as a signed note. */
export function signCheckpoint(signer: NoteSigner, checkpoint: Checkpoint): string {
  return signNote(formatCheckpoint(checkpoint), signer);
}
