/**
 * Verifies a list of devices by the manifest beside it: the seal over the manifest, the checkpoint, and the hash of the
 * list's bytes. The list is looked for under the manifest's own name in the same folder: what a manifest says is a file's
 * name leads nowhere.
 */
import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { AuditError } from '../errors.ts';
import { formatSeal } from '../seal.ts';
import { openNote } from '../signed-note.ts';
import { keyChainOf } from './keys-in-log.ts';
import { reading } from './reading.ts';
import { isShallow } from './shallow-json.ts';
import { refuseOtherRoot, type Trust, Trusted } from './trust.ts';
import { Found, type Verdict, type Verified, verdictOf } from './verdict.ts';

const ending = '.manifest.json';
const largest = 1024 * 1024;

const manifestSchema = z.strictObject({
  bytes: z.int().nonnegative(),
  checkpoint: z.string(),
  devices: z.int().nonnegative(),
  file: z.string(),
  filter: z.record(z.string(), z.string()),
  format: z.literal('keyline-list-manifest'),
  keyline: z.string(),
  list: z.string(),
  madeAt: z.iso.datetime({ precision: 3 }),
  origin: z.string(),
  rehearsal: z.boolean(),
  /** Where the key was exchanged: the notes that say so, first one first. */
  rotations: z.array(z.string()).min(1).optional(),
  seal: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().nonnegative(),
  v: z.literal(1),
  verifierKey: z.string(),
});
type Manifest = z.infer<typeof manifestSchema>;

export const isManifestName = (file: string): boolean => file.endsWith(ending);

/** @throws AuditError where a file cannot be read, or the given key or a given checkpoint is none */
export async function verifyManifest(file: string, trust: Trust = {}): Promise<Verdict> {
  const trusted = new Trusted(trust);
  return verdictOf(async () => {
    const manifest = parseManifest(await textOf(file));
    const verified = judge(manifest, trusted);
    const list = file.slice(0, -ending.length);
    if (basename(list) !== manifest.file)
      throw new Found('list-differs', `the manifest is of ${manifest.file}, and lies beside another file`);
    const { bytes, sha256 } = await digestOf(list);
    if (bytes !== manifest.bytes || sha256 !== manifest.sha256)
      throw new Found('list-differs', 'the list is not the one that the manifest was made of');
    return verified;
  });
}

function judge(manifest: Manifest, trusted: Trusted): Verified {
  const { seal, ...stated } = manifest;
  const { origin, size, checkpoint, verifierKey } = stated;
  const chain = keyChainOf(origin, verifierKey, stated.rotations);
  const given = trusted.headsOf(origin, size);
  trusted.confirmChain(chain);
  const digest = hash('sha256', canonicalize(stated)!, 'buffer');
  const sealed = openNote(seal, chain.newest);
  if (!sealed.ok || sealed.text !== formatSeal({ kind: 'manifest', origin, size, digest }))
    throw new Found('seal-differs', 'the manifest is not what was sealed');
  const head = chain.openCheckpoint(checkpoint);
  if (head?.size !== size)
    throw new Found('checkpoint-differs', 'the checkpoint is not that of this manifest');
  refuseOtherRoot(given, head);
  return {
    ok: true,
    // A list says nothing of the entries that a checkpoint from outside covers, beyond whose key it is.
    level: trusted.level === 'intact' ? 'intact' : 'signed',
    origin,
    rehearsal: manifest.rehearsal,
    size,
    entries: 0,
    devices: manifest.devices,
    withheld: 0,
    rootHash: head.rootHash.toString('hex'),
    checkpoint,
    verifierKey,
    signedUpTo: size,
    witnessedUpTo: 0,
    ...trusted.unused(origin),
  };
}

function parseManifest(text: string): Manifest {
  try {
    const content = text.endsWith('\n') && isShallow(text) ? text.slice(0, -1) : '';
    const json: unknown = JSON.parse(content);
    const manifest = manifestSchema.parse(json);
    if (canonicalize(json) === content) return manifest;
  } catch {}
  throw new Found('not-an-export', 'this is no manifest of a list');
}

async function textOf(file: string): Promise<string> {
  return reading(file, async () => {
    if ((await stat(file)).size > largest) throw new Found('not-an-export', 'this is no manifest of a list');
    return readFile(file, 'utf8');
  });
}

async function digestOf(file: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  return reading(file, async () => {
    const digest = createHash('sha256');
    let bytes = 0;
    if (!(await stat(file)).isFile()) throw new AuditError('export-unreadable', `${file} is not a file`);
    for await (const chunk of createReadStream(file, { highWaterMark: largest }) as AsyncIterable<Buffer>) {
      digest.update(chunk);
      bytes += chunk.length;
    }
    return { bytes, sha256: digest.digest('hex') };
  });
}
