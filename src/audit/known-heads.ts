/**
 * Heads of a log that were signed before: while its tree grows again from its entries, it must pass through each of
 * them. Where it does not, the first false entry lies after the last head that fitted.
 */
import type { Checkpoint } from './checkpoint.ts';
import type { MerkleTree } from './merkle.ts';

export class KnownHeads {
  readonly #ahead: Checkpoint[];
  #agreed = 0;

  constructor(heads: readonly Checkpoint[]) {
    // Largest first, so that the next one is at the end.
    this.#ahead = heads.toSorted((a, b) => b.size - a.size);
  }

  /** Size of the largest head that the tree has passed through; 0 where none. */
  get agreed(): number {
    return this.#agreed;
  }

  /** Heads that are larger than the tree was so far. */
  get ahead(): readonly Checkpoint[] {
    return this.#ahead;
  }

  /** To be asked at size 0 and after each append. @returns the head that the tree contradicts, if any */
  contradicted(tree: MerkleTree): Checkpoint | undefined {
    for (let head = this.#ahead.at(-1); head?.size === tree.size; head = this.#ahead.at(-1)) {
      if (!tree.root().equals(head.rootHash)) return head;
      this.#agreed = head.size;
      this.#ahead.pop();
    }
    return undefined;
  }
}
