/**
 * Carrier `device`: a TPM character device of the Linux kernel (drivers/char/tpm). One descriptor serves the whole
 * harvest, since each open of /dev/tpmrm0 has objects of its own; one write is one command. The descriptor is
 * non-blocking, so that no thread ever waits in it for a mute device: the kernel works on the command by itself, and a
 * read says "not yet" with no bytes (kernel 4.20 and later) or with EAGAIN (a pseudo-terminal). While the kernel talks
 * to the chip a read may wait for it; that wait is on a pool thread and ends by the kernel's own limit for the command.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { TctiError } from './errors.ts';
import { FrameReader } from './frame.ts';
import { type Line, LineTcti } from './line-tcti.ts';
import { MAX_FRAME_BYTES, type OpenOptions, type Tcti } from './tcti.ts';
import type { DeviceConf } from './tcti-conf.ts';
import { within } from './within.ts';

/** Where `device` without a path looks, in tpm2-tss's order. */
export const TPM_DEVICES = ['/dev/tpmrm0', '/dev/tpm0', '/dev/tcm0'];
/** Pauses between looks at the device, doubled from the first to the longest. */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 5;
/** How long `close` waits for a descriptor that the kernel still holds; it is closed later then, by itself. */
const CLOSE_GRACE_MS = 1_000;

/** @param devices where to look when the conf string names no path */
export async function openDevice(
  conf: DeviceConf,
  options: OpenOptions,
  devices: readonly string[] = TPM_DEVICES,
): Promise<Tcti> {
  const candidates = conf.path === undefined ? devices : [conf.path];
  for (const path of candidates) {
    const file = await openFile(path, options);
    if (file !== 'absent') return new LineTcti('device', isResourceManaged(path), new DeviceLine(path, file));
  }
  throw new TctiError('unreachable', `There is no TPM device at ${candidates.join(', ')}`);
}

/** The kernel's resource manager is behind /dev/tpmrm0, /dev/tpmrm1 …, and behind no other device. */
function isResourceManaged(path: string): boolean {
  return /^tpmrm\d+$/.test(basename(path));
}

async function openFile(path: string, options: OpenOptions): Promise<FileHandle | 'absent'> {
  const opening = open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const file = await within(options, `opening ${path}`, opening);
    if ((await file.stat()).isCharacterDevice()) return file;
    await file.close();
  } catch (error) {
    void opening.then(file => file.close()).catch(() => {});
    if (isAbsent(error)) return 'absent';
    throw error instanceof TctiError ? error : openError(path, error as NodeJS.ErrnoException);
  }
  throw new TctiError('unreachable', `${path} is not a TPM device`);
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENXIO', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '');
}

class DeviceLine implements Line {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #reader = new FrameReader();
  readonly #buffer = Buffer.alloc(MAX_FRAME_BYTES);
  readonly #isTerminal: boolean;
  #closed = false;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
    this.#isTerminal = isatty(file.fd);
  }

  async exchange(command: Uint8Array): Promise<Uint8Array> {
    await this.#write(command);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const fragment = await this.#read();
      const response = fragment === undefined ? undefined : this.#reader.push(fragment);
      if (response !== undefined) return response;
      if (fragment === undefined) await pause(pauseMs);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#file.close().catch(() => {});
    await Promise.race([closing, pause(CLOSE_GRACE_MS, undefined, { ref: false })]);
  }

  async #write(command: Uint8Array): Promise<void> {
    const written = await this.#attempt(this.#file.write(command));
    if (written?.bytesWritten !== command.length)
      throw new TctiError(
        'closed',
        `${this.#path} took ${written?.bytesWritten ?? 0} of ${command.length} bytes of a command`,
      );
  }

  /** What the device has to say by now, if anything. */
  async #read(): Promise<Uint8Array | undefined> {
    if (this.#closed) throw new TctiError('closed', `${this.#path} is closed`);
    const read = await this.#attempt(this.#file.read(this.#buffer, 0, MAX_FRAME_BYTES, null));
    if (read === undefined) return undefined;
    if (read.bytesRead > 0) return this.#buffer.subarray(0, read.bytesRead);
    // A TPM device reads as empty until its response is there, a terminal after its other side went away.
    if (this.#isTerminal) throw new TctiError('closed', `${this.#path} hung up`);
    return undefined;
  }

  /** Undefined where the device says "not now". */
  async #attempt<T>(operation: Promise<T>): Promise<T | undefined> {
    try {
      return await operation;
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (cause.code === 'EAGAIN') return undefined;
      throw exchangeError(this.#path, cause);
    }
  }
}

function openError(path: string, cause: NodeJS.ErrnoException): TctiError {
  const message = `Cannot open ${path} (${cause.code ?? cause.message})`;
  if (cause.code === 'EACCES' || cause.code === 'EPERM')
    return new TctiError('not-permitted', message, { cause });
  // Only one program at a time may hold /dev/tpm0.
  return new TctiError(cause.code === 'EBUSY' ? 'busy' : 'unreachable', message, { cause });
}

function exchangeError(path: string, cause: NodeJS.ErrnoException): TctiError {
  const why = cause.code ?? cause.message;
  // The kernel's own limit for this command, which may be shorter than ours.
  if (cause.code === 'ETIME' || cause.code === 'ETIMEDOUT')
    return new TctiError('timeout', `The TPM at ${path} did not answer the kernel (${why})`, { cause });
  return new TctiError('closed', `${path} broke off (${why})`, { cause });
}
