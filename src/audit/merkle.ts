/**
 * The Merkle Tree Hash of RFC 6962 section 2.1, computed as leaves come in: of n leaves it keeps at most log2(n) + 1
 * hashes, so the root of millions needs no memory to speak of. Leaf and node hashes differ in their first byte, so that
 * no node can pass for a leaf.
 */
import { hash } from 'node:crypto';

export const hashLength = 32;
const leafPrefix = Buffer.of(0x00);
/** Prefix and content, put together anew for every hash: allocating each time took as long as hashing. */
const leafBytes = Buffer.alloc(1 + 64 * 1024, leafPrefix);
const nodeBytes = Buffer.alloc(1 + 2 * hashLength, 0x01);

/** By way of a string: Node makes one in less time than a buffer, which would take as long as the hash of a node. */
const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

/** SHA-256(0x00 ‖ entry) */
export const leafHash = (entry: Uint8Array): Buffer => sha256(asLeaf(entry));

/** The same in hex. */
export const leafHashHex = (entry: Uint8Array): string => hash('sha256', asLeaf(entry), 'hex');

function asLeaf(entry: Uint8Array): Buffer {
  if (entry.length >= leafBytes.length) return Buffer.concat([leafPrefix, entry]);
  leafBytes.set(entry, 1);
  return leafBytes.subarray(0, 1 + entry.length);
}

/** SHA-256(0x01 ‖ left ‖ right), both 32 bytes */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 1 + hashLength);
  return sha256(nodeBytes);
}

/** A tree that grows by leaf hashes; its root can be asked for at every size. */
export class MerkleTree {
  /** Roots of the perfect subtrees of the leaves so far, largest first: one for each bit of the size that is set. */
  readonly #subtrees: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let node = leaf;
    // Each low bit that is set in the size stands for a subtree as large as the one that has just come about.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2))
      node = nodeHash(this.#subtrees.pop()!, node);
    this.#subtrees.push(node);
    this.#size += 1;
  }

  root(): Buffer {
    if (this.#size === 0) return sha256(Buffer.alloc(0));
    return this.#subtrees.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root over all leaf hashes, in order. */
export function rootOf(leafHashes: Iterable<Buffer>): Buffer {
  const tree = new MerkleTree();
  for (const leaf of leafHashes) tree.append(leaf);
  return tree.root();
}
