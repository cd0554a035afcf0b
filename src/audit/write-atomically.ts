/**
 * A file that appears whole or not at all: written beside its place, synced, renamed, and the directory synced. What
 * was there before stays until then; a full disk, a stop or a crash leaves it untouched. Its owner's and group's to read,
 * by the umask, and no others': it holds serials and keys of a plant, and whoever hands it out decides to whom.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AuditError, type AuditErrorCode } from './errors.ts';

export async function writeAtomically(
  path: string,
  chunks: Iterable<Uint8Array>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const place = resolve(path);
  const draft = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.part`);
  try {
    await refuseOtherThanFile(place);
    const handle = await open(draft, 'wx', 0o640);
    try {
      await writeAll(handle, chunks, options.signal);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw exportFailure(error, place);
  }
  await syncDirectory(dirname(place));
}

async function writeAll(
  handle: FileHandle,
  chunks: Iterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  for (const chunk of chunks) {
    if (signal?.aborted) throw new AuditError('export-stopped', 'stopped while writing');
    for (let written = 0; written < chunk.length; ) {
      written += (await handle.write(chunk, written)).bytesWritten;
    }
  }
}

/** Renaming over a device or a directory would put a file where there was none. */
async function refuseOtherThanFile(place: string): Promise<void> {
  const there = await stat(place).catch(() => undefined);
  if (there && !there.isFile())
    throw new AuditError('export-unwritable', `${place} is there and is not a file`);
}

/** Windows has no handle for a directory, and no need of one. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Only what the file system said is about the file; a fault of the source of the chunks stays what it is. */
function exportFailure(error: unknown, place: string): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  const code: AuditErrorCode = fullDisk.has(String(error.code)) ? 'export-full' : 'export-unwritable';
  return new AuditError(code, `${place}: ${error.message}`, { cause: error });
}
