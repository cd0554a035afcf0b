/**
 * TPM 2.0 frames on a byte stream (TPM 2.0 Part 1 §18, Part 3 §5): tag (2), size of the whole frame (4), command or
 * response code (4), big-endian, then the rest. The reader puts one response together from any fragments and refuses
 * what cannot be one as soon as the bytes show it. Its input is the DUT's, or whatever else listens there: untrusted.
 */
import { TctiError } from './errors.ts';
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES } from './tcti.ts';

const TPM_ST_NO_SESSIONS = 0x8001;
const TPM_ST_SESSIONS = 0x8002;
/** TPM_TAG_RSP_COMMAND: a TPM 1.2's answer, let through so that the layer above can name the wrong generation. */
const TPM12_TAG_RSP_COMMAND = 0x00c4;

const SIZE_OFFSET = 2;
const SIZE_END = 6;

/** Puts responses together. `push` throws TctiError `frame-invalid`; after that the reader must not be used again. */
export class FrameReader {
  /** What came of the next response so far. */
  #received: Uint8Array = new Uint8Array();

  /** Takes the next fragment; gives the response that it completes. Bytes behind a whole response are refused. */
  push(fragment: Uint8Array): Uint8Array | undefined {
    // A copy: the fragment's memory is the carrier's.
    const received =
      this.#received.length === 0 ? new Uint8Array(fragment) : joined(this.#received, fragment);
    const size = sizeOf(received);
    if (size === undefined || received.length < size) {
      this.#received = received;
      return undefined;
    }
    if (received.length > size)
      throw new TctiError(
        'frame-invalid',
        `${received.length - size} bytes too many behind a response of ${size} bytes`,
      );
    this.#received = new Uint8Array();
    return received;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The size that the header names, as soon as it is there. */
function sizeOf(received: Uint8Array): number | undefined {
  const view = new DataView(received.buffer, received.byteOffset, received.byteLength);
  if (received.length >= SIZE_OFFSET) checkResponseTag(view.getUint16(0));
  if (received.length < SIZE_END) return undefined;
  const size = view.getUint32(SIZE_OFFSET);
  if (size < FRAME_HEADER_BYTES || size > MAX_FRAME_BYTES)
    throw new TctiError(
      'frame-invalid',
      `A response names a size of ${size} bytes, allowed are ${FRAME_HEADER_BYTES} to ${MAX_FRAME_BYTES}`,
    );
  return size;
}

/** Throws RangeError where the caller's command is not one whole frame: our own mistake, nothing may be sent. */
export function checkCommand(command: Uint8Array): void {
  if (command.length < FRAME_HEADER_BYTES || command.length > MAX_FRAME_BYTES)
    throw new RangeError(
      `A TPM command has ${FRAME_HEADER_BYTES} to ${MAX_FRAME_BYTES} bytes, this one ${command.length}`,
    );
  const view = new DataView(command.buffer, command.byteOffset, command.byteLength);
  const tag = view.getUint16(0);
  if (tag !== TPM_ST_NO_SESSIONS && tag !== TPM_ST_SESSIONS)
    throw new RangeError(`A TPM command starts with tag 8001 or 8002, this one with ${hex(tag)}`);
  if (view.getUint32(SIZE_OFFSET) !== command.length)
    throw new RangeError(
      `A TPM command of ${command.length} bytes names ${view.getUint32(SIZE_OFFSET)} bytes`,
    );
}

function checkResponseTag(tag: number): void {
  if (tag !== TPM_ST_NO_SESSIONS && tag !== TPM_ST_SESSIONS && tag !== TPM12_TAG_RSP_COMMAND)
    throw new TctiError('frame-invalid', `A response starts with tag ${hex(tag)}, not with 8001 or 8002`);
}

function hex(tag: number): string {
  return tag.toString(16).padStart(4, '0').toUpperCase();
}
