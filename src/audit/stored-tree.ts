/**
 * Roots and proofs of a log that is stored, by RFC 6962 sections 2.1 to 2.1.2, at the cost of some hundred hashes however
 * large it is: roots of perfect subtrees of 256, 65,536, 2^24 … leaves are read where they are stored and worked out from
 * what is below them where not. What is stored here is taken at its word; whoever verifies starts from the entries.
 */
import { hash } from 'node:crypto';
import { nodeHash } from './merkle.ts';

/** Levels between stored subtrees: 2^8 children each. */
export const storedLevels = 8;
const childrenPerStored = 2 ** storedLevels;

/** Hashes of one log, as they are stored. */
export interface TreeSource {
  /** Leaves that there are. */
  readonly size: number;
  /** Leaf hashes `from` up to but without `to`. */
  leafHashes(from: number, to: number): Iterable<Buffer>;
  /** Stored roots of perfect subtrees of 2^level leaves (a multiple of 8), from number `from` on; fewer where there are fewer. */
  subtrees(level: number, from: number, to: number): readonly Buffer[];
}

export class StoredTree {
  readonly #source: TreeSource;

  constructor(source: TreeSource) {
    this.#source = source;
  }

  /** The Merkle Tree Hash of the first `size` leaves. @throws RangeError where there are fewer */
  rootHash(size: number): Buffer {
    this.#refuseBeyond(size);
    return size === 0 ? hash('sha256', Buffer.alloc(0), 'buffer') : this.#rangeHash(0, size);
  }

  /**
   * RFC 6962 section 2.1.1: what proves that leaf `index` stands in the tree of `size` leaves; the nearest sibling first.
   * @throws RangeError where there is no such leaf
   */
  inclusionProof(index: number, size: number): Buffer[] {
    this.#refuseBeyond(size);
    if (!(Number.isSafeInteger(index) && index >= 0 && index < size))
      throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
    const proof: Buffer[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + largestPowerBelow(to - from);
      proof.push(index < middle ? this.#rangeHash(middle, to) : this.#rangeHash(from, middle));
      [from, to] = index < middle ? [from, middle] : [middle, to];
    }
    return proof.reverse();
  }

  /**
   * RFC 6962 section 2.1.2: what proves that the tree of `size` leaves begins with the one of `first` leaves. Nothing
   * needs to be proved, and the proof is empty, where they are equal or the first one is empty.
   * @throws RangeError where `first` is larger than `size`
   */
  consistencyProof(first: number, size: number): Buffer[] {
    this.#refuseBeyond(size);
    if (!(Number.isSafeInteger(first) && first >= 0 && first <= size))
      throw new RangeError(`a tree of ${size} leaves goes on from none of ${first}`);
    if (first === 0 || first === size) return [];
    const proof: Buffer[] = [];
    let [from, to] = [0, size];
    while (to > first) {
      const middle = from + largestPowerBelow(to - from);
      proof.push(first <= middle ? this.#rangeHash(middle, to) : this.#rangeHash(from, middle));
      [from, to] = first <= middle ? [from, middle] : [middle, to];
    }
    // The whole first tree is known to whoever checks; a part of it is not.
    if (from > 0) proof.push(this.#rangeHash(from, to));
    return proof.reverse();
  }

  /** Root of subtree `number` of 2^level leaves, all of which are there. */
  perfectSubtree(level: number, number: number): Buffer {
    return this.#perfect(level, number, 1)[0]!;
  }

  #refuseBeyond(size: number): void {
    if (!(Number.isSafeInteger(size) && size >= 0 && size <= this.#source.size))
      throw new RangeError(`the log has ${this.#source.size} entries, not ${size}`);
  }

  /** Of leaves `from` up to `to`, where `from` is a multiple of the largest power of two in it. */
  #rangeHash(from: number, to: number): Buffer {
    const roots: Buffer[] = [];
    for (let next = from; next < to; ) {
      const level = Math.floor(Math.log2(to - next));
      // Subtrees that are only stored one level lower come together in one read.
      const width = 2 ** (level - (level % storedLevels));
      const count = Math.floor((to - next) / width);
      const parts = this.#perfect(level - (level % storedLevels), next / width, count);
      for (let left = count, at = 0; left > 0; ) {
        const power = 2 ** Math.floor(Math.log2(left));
        roots.push(folded(parts.slice(at, at + power)));
        at += power;
        left -= power;
      }
      next += count * width;
    }
    return roots.reduceRight((right, left) => nodeHash(left, right));
  }

  /** Roots of `count` perfect subtrees of 2^level leaves. */
  #perfect(level: number, number: number, count: number): readonly Buffer[] {
    if (level === 0) {
      const leaves = [...this.#source.leafHashes(number, number + count)];
      if (leaves.length !== count) throw new RangeError(`the log has no leaf ${number + leaves.length}`);
      return leaves;
    }
    if (level % storedLevels !== 0) {
      const below = 2 ** (level % storedLevels);
      const parts = this.#perfect(level - (level % storedLevels), number * below, count * below);
      return Array.from({ length: count }, (_, at) => folded(parts.slice(at * below, (at + 1) * below)));
    }
    const stored = this.#source.subtrees(level, number, number + count);
    const missing = Array.from({ length: count - stored.length }, (_, at) =>
      folded(
        this.#perfect(
          level - storedLevels,
          (number + stored.length + at) * childrenPerStored,
          childrenPerStored,
        ),
      ),
    );
    return [...stored, ...missing];
  }
}

/** The largest power of two that is smaller than `n`, which is at least 2. */
function largestPowerBelow(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1);
}

/** Root over a power of two of neighbours. */
function folded(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, at) => nodeHash(level[2 * at]!, level[2 * at + 1]!));
  return level[0]!;
}
