/** C2SP signed notes and tlog-checkpoints with Ed25519, by WebCrypto. */
import { type Bytes, equal, fromBase64, hashLength, joined, sha256, toHex, utf8 } from './bytes.ts';

export interface Verifier {
  readonly text: string;
  readonly name: string;
  readonly id: Bytes;
  readonly key: CryptoKey;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

/** `<name>+<key id, hex>+<base64(0x01 ‖ key)>` */
export async function parseVerifier(text: string): Promise<Verifier | undefined> {
  const [, name = '', id = '', encoded = ''] =
    /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes?.length !== 33 || bytes[0] !== 1) return undefined;
  const digest = (await sha256(joined(utf8(`${name}\n`), bytes))).slice(0, 4);
  if (toHex(digest) !== id) return undefined;
  try {
    const key = await crypto.subtle.importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify']);
    return { text, name, id: digest, key };
  } catch {
    return undefined;
  }
}

/** @returns the text that the verifier signed */
export async function openNote(note: string, { name, id, key }: Verifier): Promise<string | undefined> {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, split + 1);
  let signed = false;
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const [, signer, encoded = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (signer === undefined || bytes === undefined || bytes.length <= 4) return undefined;
    if (signer !== name || !equal(bytes.slice(0, 4), id)) continue;
    if (!(await crypto.subtle.verify('Ed25519', key, bytes.slice(4), utf8(text)))) return undefined;
    signed = true;
  }
  return signed ? text : undefined;
}

export function parseCheckpoint(text: string | undefined): Checkpoint | undefined {
  const [, origin, digits, encoded = ''] =
    /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n$/u.exec(text ?? '') ?? [];
  const root = fromBase64(encoded);
  if (origin === undefined || root?.length !== hashLength) return undefined;
  return { origin, size: Number(digits), root };
}

/** The text of a note, without a look at its signatures. */
export const noteText = (note: string): string => note.slice(0, note.lastIndexOf('\n\n') + 1);

export async function sealText(
  kind: 'export' | 'passport' | 'consistency',
  origin: string,
  size: number,
  sealed: Bytes,
): Promise<string> {
  const digest = await sha256(sealed);
  return `keyline ${kind} seal 1\n${origin}\n${size}\n${btoa(String.fromCharCode(...digest))}\n`;
}
