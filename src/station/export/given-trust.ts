/** What a person who verifies gives along, as files: checkpoints that were kept outside, each by itself or a folder of them. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { statedCheckpoint } from '../../audit/checkpoint.ts';
import { AuditError } from '../../audit/errors.ts';
import type { Trust } from '../../audit/verify/trust.ts';
import { largestCheckpoint } from '../../audit/verify/verify-checkpoint.ts';
import { checkpointEnding } from '../log/checkpoint-files.ts';
import { readSmallFile } from '../read-small-file.ts';

export interface GivenTrust {
  /** C2SP verifier key, got from somewhere else than the file. */
  readonly key: string | undefined;
  /** Files with checkpoints (signed notes) that were kept outside; and folders of them, of which those of the log count. */
  readonly checkpoints: readonly string[];
  /** All files that are verified together: two checkpoints of one log must be able to stand side by side. */
  readonly beside?: readonly string[] | undefined;
}

/** @throws AuditError `checkpoint-invalid` */
export function trustOf(given: GivenTrust): Trust {
  const folders = given.checkpoints.filter(isFolder);
  return {
    key: given.key,
    checkpoints: given.checkpoints.filter(place => !folders.includes(place)).map(noteIn),
    among: folders.flatMap(notesOfFolder),
  };
}

/** The text of a small file. @throws AuditError `checkpoint-invalid` */
export function noteIn(file: string): string {
  try {
    return readSmallFile(file, largestCheckpoint);
  } catch (cause) {
    throw new AuditError('checkpoint-invalid', `${file}: ${(cause as Error).message}`, { cause });
  }
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** As stations leave them there. One that is no checkpoint any more is refused, so that none goes missing unseen. */
function notesOfFolder(folder: string): string[] {
  const names = namesIn(folder);
  if (names.length === 0)
    throw new AuditError('checkpoint-invalid', `there is no file *${checkpointEnding} in ${folder}`);
  return names.map(name => {
    const file = path.join(folder, name);
    const note = noteIn(file);
    if (!statedCheckpoint(note)) throw new AuditError('checkpoint-invalid', `${file} is no checkpoint`);
    return note;
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith(checkpointEnding))
      .toSorted();
  } catch (cause) {
    throw new AuditError('checkpoint-invalid', `${folder}: ${(cause as Error).message}`, { cause });
  }
}
