/**
 * A file that appears whole or not at all: written beside its place, synced, read back where asked, renamed, and the
 * directory synced. What was there before stays until then; a full disk, a stop, a stick that is pulled out or a crash
 * leaves it untouched. Its owner's and group's to read, by the umask, and no others': it holds serials and keys of a
 * plant, and whoever hands it out decides to whom.
 */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AuditError } from './errors.ts';
import { exportFailure } from './export-failure.ts';
import { type ReadBack, readBack } from './read-back.ts';
import { syncDirectory } from './sync-directory.ts';

export interface DraftOptions {
  readonly signal?: AbortSignal | undefined;
  /** Read what was written from the medium again and compare it before the file gets its name. */
  readonly readBack?: boolean | undefined;
}

/**
 * In bytes. A large file that goes to the disk in one go at its end holds up whoever else waits for the same disk, and that is
 * the station with each device it records.
 */
const MOST_UNSYNCED = 4 * 1024 * 1024;

/** A file that is whole on disk and has not its name yet. */
export interface Draft {
  /** Only where it was asked for. */
  readonly readBack: ReadBack | undefined;
  /** Gives it its name. */
  commit(): Promise<void>;
  /** Removes it; nothing happens where it has its name already. */
  discard(): Promise<void>;
}

/** @throws AuditError `export-full`, `export-unwritable`, `export-medium-gone`, `export-differs`, `export-stopped` */
export async function writeAtomically(
  path: string,
  chunks: Iterable<Uint8Array>,
  options: DraftOptions = {},
): Promise<ReadBack | undefined> {
  const draft = await writeDraft(path, chunks, options);
  try {
    await draft.commit();
  } finally {
    await draft.discard();
  }
  return draft.readBack;
}

/** For several files that appear together: all are written before the first one gets its name. */
export async function writeDraft(
  path: string,
  chunks: Iterable<Uint8Array>,
  options: DraftOptions = {},
): Promise<Draft> {
  const place = resolve(path);
  const draft = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.part`);
  const remove = () => rm(draft, { force: true }).catch(() => undefined);
  try {
    await refuseOtherThanFile(place);
    const digest = options.readBack ? createHash('sha256') : undefined;
    const handle = await open(draft, 'wx', 0o640);
    try {
      await writeAll(handle, chunks, digest, options.signal);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const seen = digest ? await readBack(draft, options.signal) : undefined;
    if (seen && !seen.sha256.equals(digest!.digest()))
      throw new AuditError('export-differs', `${place}: what was read back is not what was written`);
    return {
      readBack: seen,
      async commit() {
        try {
          await rename(draft, place);
          await syncDirectory(dirname(place));
        } catch (error) {
          throw exportFailure(error, place, true);
        }
      },
      discard: remove,
    };
  } catch (error) {
    // A parent that is gone when the draft is opened was never there; later it went away.
    const opened = !(error instanceof Error && 'syscall' in error && error.syscall === 'open');
    await remove();
    throw exportFailure(error, place, opened);
  }
}

/** While one chunk is on its way to the disk, the next one is made. */
async function writeAll(
  handle: FileHandle,
  chunks: Iterable<Uint8Array>,
  digest: Hash | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let unsynced = 0;
  try {
    for (const chunk of chunks) {
      await writing;
      if (signal?.aborted) throw new AuditError('export-stopped', 'stopped while writing');
      digest?.update(chunk);
      unsynced += chunk.length;
      const isDue = unsynced >= MOST_UNSYNCED;
      if (isDue) unsynced = 0;
      writing = writeWhole(handle, chunk).then(() => (isDue ? handle.datasync() : undefined));
      // Awaited at the next chunk; until then a failure waits, too.
      writing.catch(() => {});
    }
  } finally {
    await writing;
  }
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; )
    written += (await handle.write(chunk, written)).bytesWritten;
}

/** Renaming over a device or a directory would put a file where there was none. */
async function refuseOtherThanFile(place: string): Promise<void> {
  const there = await stat(place).catch(() => undefined);
  if (there && !there.isFile())
    throw new AuditError('export-unwritable', `${place} is there and is not a file`);
}
