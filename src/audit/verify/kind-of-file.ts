/** What kind of evidence a file is meant to be: by its name where a manifest, else by how it begins. */
import { open } from 'node:fs/promises';
import { beginsAsPassport, passportHeadLength } from './passport-file.ts';
import { isManifestName } from './verify-manifest.ts';

export type EvidenceKind = 'export' | 'manifest' | 'passport';

/** A file that cannot be read counts as an export: reading that says why. */
export async function kindOfFile(file: string): Promise<EvidenceKind> {
  if (isManifestName(file)) return 'manifest';
  try {
    const handle = await open(file, 'r');
    try {
      if (!(await handle.stat()).isFile()) return 'export';
      const { buffer } = await handle.read(Buffer.alloc(passportHeadLength), 0, passportHeadLength, 0);
      return beginsAsPassport(buffer) ? 'passport' : 'export';
    } finally {
      await handle.close();
    }
  } catch {
    return 'export';
  }
}
