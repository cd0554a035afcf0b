/**
 * Reading and writing of TPM 2.0's canonical form (Part 1, clause 12: big-endian numbers, TPM2B = 2-byte size + bytes).
 * The reader is for a TPM's answers, which are untrusted: every read is checked against the end, and `end()` demands
 * that nothing is left. What does not fit throws TpmError `answer-malformed`.
 */
import { TpmError } from './errors.ts';

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  /** @param what names the structure in errors, e.g. `ReadPublic response`. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  bytes(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  u8(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  u16(): number {
    const start = this.#advance(2);
    return this.#bytes[start]! * 0x100 + this.#bytes[start + 1]!;
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** The content of a TPM2B. */
  sized(): Uint8Array {
    return this.bytes(this.u16());
  }

  /** A TPM2B with its size, as it stands. */
  sizedWhole(): Uint8Array {
    const start = this.#at;
    this.sized();
    return this.#bytes.subarray(start, this.#at);
  }

  end(): void {
    if (this.left !== 0)
      throw new TpmError('answer-malformed', `${this.#what} has ${this.left} bytes too many`);
  }

  /** Where the next `count` bytes begin. */
  #advance(count: number): number {
    if (count > this.left) throw new TpmError('answer-malformed', `${this.#what} ends too early`);
    const start = this.#at;
    this.#at += count;
    return start;
  }
}

export function u16(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}

export function u32(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** A TPM2B: 2-byte size, then the bytes. */
export function sized(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([u16(bytes.length), bytes]);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
