/** A backup in words: what its manifest says of it. */
import { type BackupManifest, bytesOf } from '../station/backup/backup-manifest.ts';
import type { VerifiedBackup } from '../station/backup/verify-backup.ts';

/** As a document: what the manifest says, with the files as a number. */
export function told(folder: string, manifest: BackupManifest) {
  const { seal, files, ...rest } = manifest;
  return { folder, ...rest, files: files.length, bytes: bytesOf(manifest) };
}

/** As facts. */
export function about({
  folder,
  manifest,
  pastCache,
}: VerifiedBackup): (readonly [string, string | number | undefined])[] {
  return [
    ['backup', folder],
    ['REHEARSAL', manifest.rehearsal ? 'nothing in it is production' : undefined],
    ['made at', manifest.madeAt],
    ['origin', manifest.origin],
    ['entries', manifest.size],
    ['devices', manifest.devices],
    ['waiting', manifest.waiting],
    ['size', `${(bytesOf(manifest) / 1024 ** 2).toFixed(1)} MiB, files: ${manifest.files.length}`],
    [
      'read back',
      pastCache ? 'from the medium' : 'as far as the system lets it; it may have answered from memory',
    ],
  ];
}
