/**
 * Writes a letter onto the disk or the stick: all parts are whole there, and read back from another device, before the first
 * one gets its name.
 */
import path from 'node:path';
import { AuditError } from '../../audit/errors.ts';
import { type Draft, writeDraft } from '../../audit/write-atomically.ts';
import { type Carried, splitIntoParts } from '../../courier/parts.ts';
import { isOtherDevice } from '../export/export-medium.ts';
import { refuseStationFile } from '../export/station-files.ts';
import type { StationCore } from '../open-core.ts';

export interface PlaceOfLetter {
  readonly out: string;
  /** Of one file; absent: one file, however large. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @returns the files @throws AuditError `export-*`, CourierError `courier-part-size` */
export async function writeParts(
  core: StationCore,
  letter: Carried,
  place: PlaceOfLetter,
): Promise<string[]> {
  const parts = splitIntoParts(letter, place.maxBytes);
  const out = path.resolve(place.out);
  const files = parts.map((_, at) => (parts.length === 1 ? out : `${out}.${at + 1}-of-${parts.length}`));
  const readBack = isOtherDevice(core.directory.path, out);
  const drafts: Draft[] = [];
  try {
    for (const [at, part] of parts.entries())
      drafts.push(await writeDraft(files[at]!, [part], { signal: place.signal, readBack }));
    for (const draft of drafts) await draft.commit();
  } finally {
    for (const draft of drafts) await draft.discard();
  }
  return files;
}

/** Before anything is recorded: where the letter cannot go. */
export function refusePlace(core: StationCore, { out }: PlaceOfLetter): void {
  if (out.includes('\0')) throw new AuditError('export-unwritable', 'a name of a file has no NUL in it');
  refuseStationFile(core.directory, path.resolve(out));
}
