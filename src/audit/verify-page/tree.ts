/** RFC 6962: leaf and node hashes, the root over leaf hashes, and inclusion proofs (section 2.1.1; RFC 9162 2.1.3.2). */
import { type Bytes, equal, hashLength, joined, sha256 } from './bytes.ts';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);
/** Hashes on their way at once: WebCrypto answers each one by itself. */
const atOnce = 4096;

export const leafHash = (entry: Bytes): Promise<Bytes> => sha256(joined(leafPrefix, entry));
const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(nodePrefix, left, right));

/** Works through many, some at a time, in order. */
export async function inBatches<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += atOnce)
    for (const result of await Promise.all(all.slice(at, at + atOnce).map(work))) done.push(result);
  return done;
}

/** Level by level; a last one without a neighbour goes up as it is. */
export async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256(new Uint8Array());
  let level = leaves;
  while (level.length > 1) {
    const below = level;
    const pairs = Array.from({ length: Math.ceil(below.length / 2) }, (_, at) => 2 * at);
    level = await inBatches(pairs, async at => {
      const [left, right] = [below[at]!, below[at + 1]];
      return right ? nodeHash(left, right) : left;
    });
  }
  return level[0]!;
}

export async function provesInclusion(
  leaf: Bytes,
  place: { readonly index: number; readonly size: number },
  proof: readonly Bytes[],
  root: Bytes,
): Promise<boolean> {
  let { index } = place;
  let last = place.size - 1;
  let node = leaf;
  if (index < 0 || index > last) return false;
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== hashLength) return false;
    if (index % 2 === 1 || index === last) {
      node = await nodeHash(sibling, node);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else {
      node = await nodeHash(node, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(node, root);
}

interface Head {
  readonly size: number;
  readonly root: Bytes;
}

/** RFC 9162 section 2.1.4.2: that the tree of `second` begins with the whole tree of `first`, which is not empty. */
export async function provesConsistency(
  first: Head,
  second: Head,
  proof: readonly Bytes[],
): Promise<boolean> {
  if (first.size < 1 || first.size > second.size || proof.some(({ length }) => length !== hashLength))
    return false;
  if (first.size === second.size) return proof.length === 0 && equal(first.root, second.root);
  let [index, last] = [first.size - 1, second.size - 1];
  while (index % 2 === 1) [index, last] = [(index - 1) / 2, Math.floor(last / 2)];
  // A perfect first tree is itself where the path begins.
  const [seed, ...rest] = index === 0 ? [first.root, ...proof] : proof;
  if (!seed) return false;
  let [old, now] = [seed, seed];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      old = await nodeHash(sibling, old);
      now = await nodeHash(sibling, now);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else {
      now = await nodeHash(now, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(old, first.root) && equal(now, second.root);
}
