/**
 * The bytes of a file as they are put together, in chunks that are worth a write. Stored bytes are copied as they are: to read
 * them as text and to encode that again took longer than to hash them.
 */
const worthAWrite = 512 * 1024;
/** Room for what comes last; more is made where one piece needs it. */
const room = 64 * 1024;
/** UTF-8 has at most so many bytes for a unit of a string. */
const bytesAUnit = 3;

export class ChunkBuilder {
  #chunk = Buffer.allocUnsafeSlow(worthAWrite + room);
  #length = 0;

  get isFull(): boolean {
    return this.#length >= worthAWrite;
  }

  text(text: string): void {
    this.#reserve(text.length * bytesAUnit);
    this.#length += this.#chunk.write(text, this.#length);
  }

  /** @param text of ASCII alone */
  ascii(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#chunk.write(text, this.#length, 'latin1');
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#chunk.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What came since the last time; nobody else has these bytes. */
  take(): Buffer {
    const taken = this.#chunk.subarray(0, this.#length);
    this.#chunk = Buffer.allocUnsafeSlow(worthAWrite + room);
    this.#length = 0;
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#chunk.length) return;
    const larger = Buffer.allocUnsafeSlow(this.#length + bytes + worthAWrite);
    larger.set(this.#chunk.subarray(0, this.#length));
    this.#chunk = larger;
  }
}
