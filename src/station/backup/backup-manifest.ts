/**
 * What a backup says of itself: `manifest.json` in its folder, an RFC 8785 object and a line feed, with the hash of every
 * file and sealed by the station's key (A2). It is read as untrusted: a backup may come back from anywhere.
 */
import { hash } from 'node:crypto';
import path from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { formatSeal } from '../../audit/seal.ts';
import { type NoteSigner, openNote, parseVerifierKey, signNote } from '../../audit/signed-note.ts';

export const manifestFile = 'manifest.json';
export const ledgerFile = 'ledger.sqlite';
export const LARGEST_MANIFEST_BYTES = 4 * 1024 * 1024;

const name = z.string().regex(/^[\w.+-]{1,200}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.strictObject({
  checkpoint: z.string().max(64 * 1024),
  devices: z.int().nonnegative(),
  files: z
    .array(
      z.strictObject({
        bytes: z.int().nonnegative(),
        path: z.string().max(1000).refine(isInside, 'a path within the backup'),
        sha256,
      }),
    )
    .min(1)
    .max(20_000),
  format: z.literal('keyline-backup'),
  keyline: z.string().max(100),
  logId: name,
  madeAt: z.iso.datetime({ precision: 3 }),
  origin: z.string().max(300),
  rehearsal: z.boolean(),
  schema: z.int().positive(),
  seal: z.string().max(64 * 1024),
  size: z.int().nonnegative(),
  stationId: name,
  v: z.literal(1),
  verifierKey: z.string().max(1000),
  waiting: z.int().nonnegative(),
});

export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackupFile = BackupManifest['files'][number];

/** Of all its files. */
export const bytesOf = ({ files }: Pick<BackupManifest, 'files'>): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Names with `/` between them, none of which leads elsewhere on any system. */
function isInside(file: string): boolean {
  const parts = file.split('/');
  return parts.every(part => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part));
}

export const placeOf = (folder: string, file: string): string => path.join(folder, ...file.split('/'));

export function sealManifest(stated: Omit<BackupManifest, 'seal'>, signer: NoteSigner): string {
  return `${canonicalize({ ...stated, seal: signNote(sealText(stated), signer) })!}\n`;
}

/** @returns undefined where the text is none, or of a later kind */
export function readManifest(text: string): BackupManifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether the key that it names sealed it; whose key that is, the ledger beside it says. */
export function isSealed({ seal, ...stated }: BackupManifest): boolean {
  const verifier = parseVerifierKey(stated.verifierKey);
  if (verifier?.name !== stated.origin) return false;
  const opened = openNote(seal, verifier);
  return opened.ok && opened.text === sealText(stated);
}

function sealText(stated: Omit<BackupManifest, 'seal'>): string {
  const { origin, size } = stated;
  return formatSeal({
    kind: 'backup',
    origin,
    size,
    digest: hash('sha256', canonicalize(stated)!, 'buffer'),
  });
}
