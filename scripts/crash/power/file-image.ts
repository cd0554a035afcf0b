/** One file as a disk has it: what is certainly on it, and the changes since its last sync, of which any may be on it. */
import type { Random } from '../../fuzz/random.ts';

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly length: number };

/** The least that a disk writes whole. */
const sectorBytes = 512;

export class FileImage {
  readonly #synced: Bytes;
  #pending: Change[] = [];
  /** Changes ever made; those from `#changes - #pending.length` on are pending. */
  #changes = 0;

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.#synced = new Bytes(content);
  }

  get changes(): number {
    return this.#changes;
  }

  change(change: Change): void {
    this.#pending.push(change);
    this.#changes += 1;
  }

  /** Makes the first so many changes ever made certain. */
  synced(changes: number): void {
    const done = Math.max(0, changes - (this.#changes - this.#pending.length));
    for (const change of this.#pending.splice(0, done)) apply(this.#synced, change);
  }

  /** With every change. */
  whole(): Buffer {
    return this.#with(this.#pending);
  }

  /** As it may be found after a power cut: of the pending changes none, some, the first ones, or all are there. */
  afterCut(random: Random): Buffer {
    switch (random.below(8)) {
      case 0:
        return this.whole();
      case 1:
      case 2:
        return this.#with(this.#pending.slice(0, random.below(this.#pending.length + 1)));
      case 3:
      case 4:
        return this.#with(this.#pending.flatMap(sectorsOf).filter(() => random.onceIn(2)));
      default:
        return this.#with([]);
    }
  }

  #with(changes: readonly Change[]): Buffer {
    const bytes = new Bytes(this.#synced.content());
    for (const change of changes) apply(bytes, change);
    return bytes.content();
  }
}

function apply(bytes: Bytes, change: Change): void {
  if (change.kind === 'write') bytes.write(change.offset, change.data);
  else bytes.truncate(change.length);
}

function sectorsOf(change: Change): Change[] {
  if (change.kind === 'truncate') return [change];
  const { offset, data } = change;
  const sectors: Change[] = [];
  for (let at = 0; at < data.length; ) {
    const end = Math.min(data.length, at + sectorBytes - ((offset + at) % sectorBytes));
    sectors.push({ kind: 'write', offset: offset + at, data: data.subarray(at, end) });
    at = end;
  }
  return sectors;
}

/** A buffer that grows. */
class Bytes {
  #buffer: Buffer;
  #length: number;

  constructor(content: Buffer) {
    this.#buffer = Buffer.from(content);
    this.#length = content.length;
  }

  write(offset: number, data: Buffer): void {
    this.#reach(offset + data.length);
    data.copy(this.#buffer, offset);
  }

  truncate(length: number): void {
    if (length < this.#length) this.#buffer.fill(0, length, this.#length);
    this.#reach(length);
    this.#length = length;
  }

  content(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reach(length: number): void {
    if (length > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(length, 2 * this.#buffer.length));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#length = Math.max(this.#length, length);
  }
}
