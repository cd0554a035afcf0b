/**
 * Checkpoints as files outside the ledger (rule A2): one for each log and day, the newest of the day, so that a folder of
 * years stays small. Whoever has them sees a log that was cut off or written anew. What lies in such a folder may have been
 * put there by anyone: a checkpoint counts only with a signature by its log's key.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Checkpoint, statedCheckpoint } from '../../audit/checkpoint.ts';
import type { KeyChain } from '../../audit/key-chain.ts';
import { replaceFile } from '../export/write-once.ts';

export const checkpointEnding = '.checkpoint';
const LARGEST_BYTES = 64 * 1024;
/** Newest days of a log that are looked at when a station opens; `doctor` looks at all. */
const RECENT_DAYS = 40;

export interface OutsideCheckpoint {
  readonly file: string;
  /** Signed note; nobody has looked at its signature yet. */
  readonly note: string;
  readonly head: Checkpoint;
}

/**
 * Puts it beside those of other days; an older and larger one of the same day that the log's keys signed stays.
 * @returns the file
 */
export function writeCheckpointFile(folder: string, note: string, { keys, now }: Written): string {
  const head = statedCheckpoint(note)!;
  const name = nameOf(head, now);
  const file = path.join(folder, name);
  const there = readCheckpointFile(file);
  if (!there || (keys.openCheckpoint(there.note)?.size ?? 0) <= head.size) replaceFile(folder, name, note);
  return file;
}

export interface Written {
  /** Of the note's log. */
  readonly keys: KeyChain;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * As `writeCheckpointFile`, for a folder on a share: whoever waits for it waits without holding anything else up, however long
 * the share does not answer. Rejects with why it could not be written.
 */
export async function copyCheckpointFile(
  folder: string,
  note: string,
  { keys, now }: Written,
): Promise<void> {
  const head = statedCheckpoint(note)!;
  const file = path.join(folder, nameOf(head, now));
  const there = keys.openCheckpoint(await readFile(file, 'utf8').catch(() => ''));
  if (there && there.size > head.size) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, note, { mode: 0o600, flush: true });
  await rename(fresh, file);
}

/** Those of one log, newest day first; none where there is no such folder. */
export function checkpointFilesOf(folder: string, origin: string, most = RECENT_DAYS): OutsideCheckpoint[] {
  const beginning = beginningOf(origin);
  return namesIn(folder)
    .filter(name => name.startsWith(beginning))
    .toSorted()
    .reverse()
    .slice(0, most)
    .flatMap(name => readCheckpointFile(path.join(folder, name)) ?? [])
    .filter(({ head }) => head.origin === origin);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith(checkpointEnding));
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw cause;
  }
}

function readCheckpointFile(file: string): OutsideCheckpoint | undefined {
  try {
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > LARGEST_BYTES) return undefined;
    const note = readFileSync(file, 'utf8');
    const head = statedCheckpoint(note);
    return head && { file, note, head };
  } catch {
    return undefined;
  }
}

function nameOf({ origin }: Checkpoint, now: number): string {
  return `${beginningOf(origin)}${new Date(now).toISOString().slice(0, 10)}${checkpointEnding}`;
}

/** `station id.log id.`: an origin has a slash, which is no name of a file. */
function beginningOf(origin: string): string {
  return `${origin.replaceAll('/', '.')}.`;
}
