/** Holds the stored parts of a log's tree against what its leaves make them, as the leaves come by. */
import type { SubtreeTable } from '../../../db/subtree.ts';
import { MerkleTree } from '../../audit/merkle.ts';
import { storedLevels } from '../../audit/stored-tree.ts';
import { Found } from '../../audit/verify/verdict.ts';

export class StoredSubtrees {
  readonly #stored: SubtreeTable;
  readonly #logId: string;
  /** The subtree of each stored level that is growing. */
  readonly #growing: MerkleTree[] = [];
  readonly #done: number[] = [];

  constructor(stored: SubtreeTable, logId: string) {
    this.#stored = stored;
    this.#logId = logId;
  }

  /** The next leaf hash. @throws Found */
  leaf(leafHash: Buffer): void {
    let node = leafHash;
    for (let at = 0; ; at += 1) {
      const tree = this.#growing[at] ?? new MerkleTree();
      this.#growing[at] = tree;
      tree.append(node);
      if (tree.size < 2 ** storedLevels) return;
      node = tree.root();
      this.#growing[at] = new MerkleTree();
      const number = this.#done[at] ?? 0;
      this.#done[at] = number + 1;
      const level = (at + 1) * storedLevels;
      const [stored] = this.#stored.range(this.#logId, level, number, number + 1);
      if (stored && !stored.equals(node))
        throw new Found(
          'tree-differs',
          `the stored hash ${number} of level ${level} is not that of its entries`,
          {
            index: number * 2 ** level,
          },
        );
    }
  }

  /** After the last leaf. @throws Found where more is stored than there are entries for */
  end(): void {
    for (let at = 0; at === 0 || at <= this.#done.length; at += 1) {
      const level = (at + 1) * storedLevels;
      const done = this.#done[at] ?? 0;
      if (this.#stored.count(this.#logId, level) > done)
        throw new Found(
          'tree-differs',
          `hashes of level ${level} are stored for entries that are not there`,
          {
            index: done * 2 ** level,
          },
        );
    }
  }
}
