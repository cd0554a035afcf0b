/**
 * SHA-256 over lines as they come. Lines that lie behind each other in one buffer are hashed in one piece: a call for each
 * would cost more than its hash.
 */
import { createHash } from 'node:crypto';

export class SealedBytes {
  readonly #hash = createHash('sha256');
  #waiting: Buffer = Buffer.alloc(0);

  update(line: Buffer): void {
    const { buffer, byteOffset, length } = this.#waiting;
    if (line.buffer === buffer && line.byteOffset === byteOffset + length) {
      this.#waiting = Buffer.from(buffer, byteOffset, length + line.length);
      return;
    }
    this.#hash.update(this.#waiting);
    this.#waiting = line;
  }

  digest(): Buffer {
    return this.#hash.update(this.#waiting).digest();
  }
}
