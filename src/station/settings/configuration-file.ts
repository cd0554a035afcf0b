/**
 * `keyline.json` as it lies in the data directory, and the copies of what it was: `configurations/<SHA-256>.json` for each one
 * that an act made or replaced, so that the hashes in the audit have their text. `configurations/current` is the hash that the
 * last act made: by it running stations notice (open-core.ts).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';
import { removeFile, replaceFile, writeOnce } from '../export/write-once.ts';
import { readSmallFile } from '../read-small-file.ts';

export const LARGEST_CONFIGURATION = 4 * 1024 * 1024;
const CURRENT = 'current';

export interface ConfigurationFile {
  /** As it lies there; undefined where there is none. */
  readonly text: string | undefined;
  /** SHA-256 of its bytes, hex; null where there is none. */
  readonly hash: string | null;
}

/** @throws StationError `configuration-invalid` where it is there and cannot be read */
export function readConfigurationFile(file: string): ConfigurationFile {
  let text: string;
  try {
    text = readSmallFile(file, LARGEST_CONFIGURATION);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { text: undefined, hash: null };
    throw new StationError('configuration-invalid', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  return { text, hash: hashOf(text) };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Old and new are kept before the file changes; durable when it returns. @returns the new hash */
export function replaceConfigurationFile(
  directory: DataDirectory,
  before: ConfigurationFile,
  text: string,
): string {
  const hash = hashOf(text);
  const { configurationsDirectory } = directory;
  if (before.text !== undefined) writeOnce(configurationsDirectory, `${before.hash}.json`, before.text);
  writeOnce(configurationsDirectory, `${hash}.json`, text);
  replaceFile(directory.path, path.basename(directory.configurationFile), text);
  replaceFile(configurationsDirectory, CURRENT, `${hash}\n`);
  return hash;
}

/** After `replaceConfigurationFile`: the file and the revision are what they were before it. */
export function putBackConfigurationFile(
  { path: root, configurationFile, configurationsDirectory }: DataDirectory,
  before: ConfigurationFile,
  revision: string | undefined,
): void {
  putBack(root, path.basename(configurationFile), before.text);
  putBack(configurationsDirectory, CURRENT, revision === undefined ? undefined : `${revision}\n`);
}

function putBack(directory: string, name: string, text: string | undefined): void {
  if (text === undefined) removeFile(directory, name);
  else replaceFile(directory, name, text);
}

/** The hash that the last act made; undefined before the first one. Cheap. */
export function currentRevision({ configurationsDirectory }: DataDirectory): string | undefined {
  try {
    return readFileSync(path.join(configurationsDirectory, CURRENT), 'utf8').trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
