/** What kind of evidence a file is meant to be: by its name where a manifest, else by how it begins. */
import { open } from 'node:fs/promises';
import { statedCheckpoint } from '../checkpoint.ts';
import { beginsAsPassport } from './passport-file.ts';
import { largestCheckpoint } from './verify-checkpoint.ts';
import { beginsAsConsistency } from './verify-consistency.ts';
import { isManifestName } from './verify-manifest.ts';

export type EvidenceKind = 'export' | 'manifest' | 'passport' | 'consistency' | 'checkpoint';

/** A file that cannot be read counts as an export: reading that says why. */
export async function kindOfFile(file: string): Promise<EvidenceKind> {
  if (isManifestName(file)) return 'manifest';
  try {
    const handle = await open(file, 'r');
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) return 'export';
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(largestCheckpoint),
        0,
        largestCheckpoint,
        0,
      );
      const head = buffer.subarray(0, bytesRead);
      if (beginsAsPassport(head)) return 'passport';
      if (beginsAsConsistency(head)) return 'consistency';
      return facts.size <= largestCheckpoint && statedCheckpoint(head.toString()) ? 'checkpoint' : 'export';
    } finally {
      await handle.close();
    }
  } catch {
    return 'export';
  }
}
