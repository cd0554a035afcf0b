import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { provesConsistency, provesInclusion } from '../../src/audit/merkle-proof.ts';
import { StoredTree, storedLevels } from '../../src/audit/stored-tree.ts';
import fc from '../property.ts';
import { leaf, path, proof, treeHash } from './rfc-tree.ts';

/** The tree that implementations of RFC 6962 are tested with (certificate-transparency's merkle tree test). */
const published = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex => leaf(Buffer.from(hex, 'hex')));

/** A tree over these leaves of which subtrees of the first `stored` leaves are stored. */
function treeOf(leaves: readonly Buffer[], stored = 0): { tree: StoredTree; read: () => number } {
  let read = 0;
  const tree = new StoredTree({
    size: leaves.length,
    *leafHashes(from, to) {
      read += to - from;
      yield* leaves.slice(from, to);
    },
    subtrees(level, from, to) {
      assert.equal(level % storedLevels, 0);
      const width = 2 ** level;
      const end = Math.min(to, Math.floor(stored / width));
      return Array.from({ length: Math.max(0, end - from) }, (_, at) =>
        treeHash(leaves.slice((from + at) * width, (from + at + 1) * width)),
      );
    },
  });
  return { tree, read: () => read };
}

const hex = (hashes: readonly Buffer[]) => hashes.map(hash => hash.toString('hex'));

describe('StoredTree', () => {
  it('A1 gives the published proofs', () => {
    const { tree } = treeOf(published);
    const known = {
      a: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      b: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      c: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      d: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      e: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      f: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      g: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      h: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      i: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    };
    assert.deepEqual(hex(tree.inclusionProof(0, 8)), [known.a, known.b, known.c]);
    assert.deepEqual(hex(tree.inclusionProof(5, 8)), [known.d, known.e, known.f]);
    assert.deepEqual(hex(tree.inclusionProof(2, 3)), [known.g]);
    assert.deepEqual(hex(tree.inclusionProof(1, 5)), [known.h, known.b, known.d]);
    assert.deepEqual(hex(tree.consistencyProof(1, 8)), [known.a, known.b, known.c]);
    assert.deepEqual(hex(tree.consistencyProof(6, 8)), [known.i, known.e, known.f]);
    assert.deepEqual(hex(tree.consistencyProof(2, 5)), [known.b, known.d]);
    assert.deepEqual(tree.consistencyProof(8, 8), []);
    assert.deepEqual(tree.consistencyProof(0, 8), []);
  });

  it('A1 agrees with the recursive definitions at every size, however much is stored', () => {
    const all = Array.from({ length: 1600 }, (_, n) => leaf(Buffer.from(`${n}`)));
    const sizes = fc.integer({ min: 1, max: all.length });
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), (size, a, b, c) => {
        const leaves = all.slice(0, size);
        const [index, first, stored] = [a % size, 1 + (b % size), c % (size + 1)];
        const { tree } = treeOf(all, stored);
        const rootHash = treeHash(leaves);
        assert.deepEqual(tree.rootHash(size), rootHash);
        const inclusion = tree.inclusionProof(index, size);
        assert.deepEqual(inclusion, path(index, leaves));
        assert.ok(provesInclusion(leaves[index]!, index, size, inclusion, rootHash));
        const consistency = tree.consistencyProof(first, size);
        assert.deepEqual(consistency, proof(first, leaves));
        const old = { size: first, rootHash: treeHash(leaves.slice(0, first)) };
        assert.ok(provesConsistency(old, { size, rootHash }, consistency));
      }),
      { numRuns: 40 },
    );
  });

  it('A1 reads fewer than 256 leaves for a root and 512 for a proof where subtrees are stored', () => {
    const all = Array.from({ length: 3000 }, (_, n) => leaf(Buffer.from(`${n}`)));
    const root = treeOf(all, 3000);
    root.tree.rootHash(3000);
    assert.ok(root.read() < 256);
    const one = treeOf(all, 3000);
    one.tree.inclusionProof(700, 3000);
    assert.ok(one.read() < 512);
  });

  it('A1 has no proof for what is not there', () => {
    const { tree } = treeOf(published);
    for (const [index, size] of [[8, 8], [-1, 8], [0.5, 8], [0, 0], [8, 9]] as const) // biome-ignore format: short
      assert.throws(() => tree.inclusionProof(index, size), RangeError);
    assert.throws(() => tree.consistencyProof(9, 8), RangeError);
    assert.throws(() => tree.consistencyProof(8, 9), RangeError);
    assert.throws(() => tree.rootHash(9), RangeError);
  });
});

describe('proofs', () => {
  it('A3 fail for every other leaf, place, size, root and after any change of a hash', () => {
    const all = Array.from({ length: 70 }, (_, n) => leaf(Buffer.from(`${n}`)));
    const { tree } = treeOf(all);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), fc.nat(255), (size, a, b, bit) => {
        const index = a % size;
        const rootHash = tree.rootHash(size);
        const good = tree.inclusionProof(index, size);
        const holds = (i: number, n: number, hashes: readonly Buffer[], root = rootHash) =>
          provesInclusion(all[index]!, i, n, hashes, root);
        assert.ok(holds(index, size, good));
        for (let other = 0; other < size; other += 1)
          if (other !== index) assert.ok(!holds(other, size, good));
        const place = b % good.length;
        assert.ok(!holds(index, size, good.with(place, flipped(good[place]!, bit))));
        assert.ok(!holds(index, size, good.toSpliced(place, 1)));
        assert.ok(!holds(index, size, [...good, good[place]!]));
        assert.ok(!holds(index, size, good.with(place, good[place]!.subarray(1))));
        assert.ok(!holds(index, size, good, flipped(rootHash, bit)));
        const first = 1 + (b % (size - 1));
        const [old, now] = [first, size].map(n => ({ size: n, rootHash: tree.rootHash(n) }));
        const path = tree.consistencyProof(first, size);
        assert.ok(provesConsistency(old!, now!, path));
        const at = a % path.length;
        assert.ok(!provesConsistency(old!, now!, path.with(at, flipped(path[at]!, bit))));
        assert.ok(!provesConsistency(old!, now!, path.toSpliced(at, 1)));
        assert.ok(!provesConsistency(old!, now!, [...path, path[at]!]));
        assert.ok(!provesConsistency({ ...old!, rootHash: flipped(old!.rootHash, bit) }, now!, path));
        assert.ok(!provesConsistency(old!, { ...now!, rootHash: flipped(now!.rootHash, bit) }, path));
      }),
      { numRuns: 120 },
    );
  });
});

function flipped(hash: Buffer, bit: number): Buffer {
  const changed = Buffer.from(hash);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}
