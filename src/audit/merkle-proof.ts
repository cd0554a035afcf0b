/**
 * Checks proofs from RFC 6962 trees as RFC 9162 sections 2.1.3.2 and 2.1.4.2 have it. Proofs are untrusted: every hash of
 * one must be used, and none may be missing.
 */
import { hash } from 'node:crypto';
import { hashLength, nodeHash } from './merkle.ts';

/** Whether `proof` shows that a leaf stands at `index` in the tree of `size` leaves with this root. */
export function provesInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, ...proof])) return false;
  let place = index;
  let last = size - 1;
  let node = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      node = nodeHash(sibling, node);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      node = nodeHash(node, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && node.equals(root);
}

/** Whether `proof` shows that the tree of `second` begins with the whole tree of `first`. */
export function provesConsistency(first: Head, second: Head, proof: readonly Buffer[]): boolean {
  if (!isSize(first.size) || !isSize(second.size) || first.size > second.size) return false;
  if (!areHashes([first.rootHash, ...proof])) return false;
  if (first.size === second.size) return proof.length === 0 && first.rootHash.equals(second.rootHash);
  // Every log begins with the empty one.
  if (first.size === 0) return proof.length === 0 && first.rootHash.equals(emptyRoot);
  const path = isPowerOfTwo(first.size) ? [first.rootHash, ...proof] : proof;
  const [seed, ...rest] = path;
  if (seed === undefined) return false;
  let place = first.size - 1;
  let last = second.size - 1;
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let old = seed;
  let now = seed;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      old = nodeHash(sibling, old);
      now = nodeHash(sibling, now);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      now = nodeHash(now, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && old.equals(first.rootHash) && now.equals(second.rootHash);
}

export interface Head {
  readonly size: number;
  readonly rootHash: Buffer;
}

const areHashes = (all: readonly Buffer[]) => all.every(one => one.length === hashLength);
const isSize = (n: number) => Number.isSafeInteger(n) && n >= 0;
const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);
const isPowerOfTwo = (n: number) => 2 ** Math.round(Math.log2(n)) === n;
const emptyRoot = hash('sha256', Buffer.alloc(0), 'buffer');
