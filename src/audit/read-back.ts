/**
 * Reads a file from its medium again, past the system's cache where that is possible: what a faulty stick has swallowed
 * still stands in the cache. On Linux the file is opened with O_DIRECT, which wants the memory that is read into to begin
 * at a multiple of the medium's block; where that begins in a buffer is found by trying. File systems without O_DIRECT,
 * and other systems, give what they have, and the result says so.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AuditError } from './errors.ts';

export interface ReadBack {
  readonly bytes: number;
  /** 32 bytes. */
  readonly sha256: Buffer;
  /** False where the system may have answered from its memory. */
  readonly pastCache: boolean;
}

const bytesPerRead = 1024 * 1024;
const block = 4096;
/** Buffers begin at a multiple of this. */
const step = 16;

export async function readBack(path: string, signal?: AbortSignal): Promise<ReadBack> {
  const direct = await openDirect(path);
  if (direct) {
    try {
      return await digestOf(direct.handle, direct.buffer, true, signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    } finally {
      await direct.handle.close();
    }
  }
  const handle = await open(path, 'r');
  try {
    return await digestOf(handle, Buffer.allocUnsafeSlow(bytesPerRead), false, signal);
  } finally {
    await handle.close();
  }
}

async function openDirect(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly buffer: Buffer } | undefined> {
  if (process.platform !== 'linux') return undefined;
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_DIRECT);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
  const whole = Buffer.allocUnsafeSlow(bytesPerRead + block);
  try {
    for (let at = 0; at < block; at += step) {
      const buffer = whole.subarray(at, at + bytesPerRead);
      if (await takes(handle, buffer)) return { handle, buffer };
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

async function takes(handle: FileHandle, buffer: Buffer): Promise<boolean> {
  try {
    await handle.read(buffer, 0, block, 0);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

async function digestOf(
  handle: FileHandle,
  buffer: Buffer,
  pastCache: boolean,
  signal: AbortSignal | undefined,
): Promise<ReadBack> {
  const digest = createHash('sha256');
  const { size } = await handle.stat();
  let at = 0;
  // To ask beyond a last block that is not full is what some file systems refuse with O_DIRECT.
  while (at < size) {
    if (signal?.aborted) throw new AuditError('export-stopped', 'stopped while reading back');
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    digest.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return { bytes: at, sha256: digest.digest(), pastCache };
}

/** The system does not do it this way; no fault of the medium. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EINVAL' || code === 'EOPNOTSUPP' || code === 'ENOTSUP';
}
