/**
 * C2SP signed-note (https://c2sp.org/signed-note) with Ed25519 keys, algorithm byte 0x01:
 *
 *     text, ending in a line feed
 *     (empty line)
 *     — <key name> <base64(key id ‖ signature)>
 *
 * The signature covers the text with its last line feed. Key id = first 4 bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key).
 * Signatures of keys we were not given are passed over; a failing one of a key we were given condemns the note. Notes
 * are read from files that anyone may have written.
 */
import { hash, type KeyObject, sign, verify } from 'node:crypto';
import { fromBase64 } from './base64.ts';
import { publicKeyFromRaw, rawKeyLength, rawPublicKey } from './ed25519.ts';
import { AuditError } from './errors.ts';

const ed25519Algorithm = 0x01;
const keyIdLength = 4;
const longestNote = 1024 * 1024;
const mostSignatures = 100;
const signatureLine = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

export interface NoteSigner {
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface NoteVerifier {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
}

export type OpenedNote =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'malformed' | 'not-signed-by-key' | 'signature-wrong' };

/** A key name: not empty, no blanks, no plus. */
export function isKeyName(name: string): boolean {
  return /^[^\s+]+$/u.test(name) && name.isWellFormed();
}

function keyIdOf(name: string, key: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), key]), 'buffer').subarray(0, keyIdLength);
}

/** The verifier key of a signer: `<name>+<key id in hex>+<base64(0x01 ‖ public key)>`. */
export function verifierKeyOf(signer: NoteSigner): string {
  if (!isKeyName(signer.name)) throw new AuditError('key-invalid', `"${signer.name}" cannot name a key`);
  const key = Buffer.concat([Buffer.of(ed25519Algorithm), rawPublicKey(signer.privateKey)]);
  return `${signer.name}+${keyIdOf(signer.name, key).toString('hex')}+${key.toString('base64')}`;
}

/** @returns undefined where the text is no Ed25519 verifier key, or its key id is not that of its key */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const [, name = '', id = '', encoded = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const key = fromBase64(encoded);
  if (!isKeyName(name) || key?.length !== 1 + rawKeyLength || key[0] !== ed25519Algorithm) return undefined;
  const keyId = keyIdOf(name, key);
  if (keyId.toString('hex') !== id) return undefined;
  return { name, keyId, publicKey: publicKeyFromRaw(key.subarray(1)) };
}

/** @param text ends in a line feed and has no control characters besides line feeds */
export function signNote(text: string, ...signers: readonly NoteSigner[]): string {
  if (!isNoteText(text)) throw new AuditError('entry-invalid', 'this text cannot be signed as a note');
  const signatures = signers.map(signer => {
    const { keyId } = parseVerifierKey(verifierKeyOf(signer))!;
    const signature = sign(null, Buffer.from(text), signer.privateKey);
    return `— ${signer.name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
  });
  return `${text}\n${signatures.join('')}`;
}

export function openNote(note: string, verifier: NoteVerifier): OpenedNote {
  const split = note.lastIndexOf('\n\n');
  if (note.length > longestNote || split < 0 || !note.endsWith('\n')) return { ok: false, why: 'malformed' };
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (!isNoteText(text) || lines.length > mostSignatures) return { ok: false, why: 'malformed' };
  let verified = false;
  for (const line of lines) {
    const [, name, encoded = ''] = signatureLine.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (name === undefined || bytes === undefined || bytes.length <= keyIdLength)
      return { ok: false, why: 'malformed' };
    if (name !== verifier.name || !bytes.subarray(0, keyIdLength).equals(verifier.keyId)) continue;
    if (!verify(null, Buffer.from(text), verifier.publicKey, bytes.subarray(keyIdLength))) {
      return { ok: false, why: 'signature-wrong' };
    }
    verified = true;
  }
  return verified ? { ok: true, text } : { ok: false, why: 'not-signed-by-key' };
}

function isNoteText(text: string): boolean {
  return (
    text.endsWith('\n') &&
    text.length > 1 &&
    text.isWellFormed() &&
    !/[\u0000-\u0009\u000b-\u001f]/u.test(text)
  );
}
