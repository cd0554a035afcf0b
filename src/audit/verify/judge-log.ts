/**
 * Takes the entries of a log in order, as untrusted bytes, and grows the tree from them. Everything that an entry can
 * be wrong in by itself or against its neighbours is found here; the signatures are the caller's.
 */
import type { Checkpoint } from '../checkpoint.ts';
import { KnownHeads } from '../known-heads.ts';
import { leafHash, MerkleTree } from '../merkle.ts';
import { type EntryFacts, scanEntry } from './scan-entry.ts';
import { Found } from './verdict.ts';

export interface LogFacts {
  readonly origin: string;
  readonly rehearsal: boolean;
  /** Number of entries that there should be. */
  readonly size: number;
}

export class LogJudge {
  readonly #facts: LogFacts;
  readonly #heads: KnownHeads;
  readonly #tree = new MerkleTree();
  #last: Buffer | undefined;

  /** @param heads signed before, or given from outside: the tree must pass through each */
  constructor(facts: LogFacts, heads: readonly Checkpoint[]) {
    this.#facts = facts;
    this.#heads = new KnownHeads(heads);
    this.#comparePast();
  }

  /** Index that the next entry must have. */
  get next(): number {
    return this.#tree.size;
  }

  /** @throws Found */
  entry(bytes: Buffer, statedHash: Buffer, place: { readonly line?: number } = {}): EntryFacts {
    const at = { index: this.next, ...place };
    const actual = leafHash(bytes);
    if (!actual.equals(statedHash)) {
      throw new Found('entry-changed', `entry ${this.next} is not what its leaf hash was made from`, at);
    }
    const entry = scanEntry(bytes);
    if (!entry) throw new Found('entry-malformed', `entry ${this.next} is not an RFC 8785 audit entry`, at);
    if (entry.origin !== this.#facts.origin || entry.rehearsal !== this.#facts.rehearsal) {
      throw new Found('entry-of-another-log', `entry ${this.next} says it is of ${entry.origin}`, at);
    }
    this.sure(entry.index, actual, place);
    return entry;
  }

  /** An entry that was found right by itself, in its place. @throws Found */
  sure(index: number, leaf: Buffer, place: { readonly line?: number }): void {
    const isOver = this.next >= this.#facts.size;
    this.position(index, place, isOver && (this.#last?.equals(leaf) ?? false));
    this.#append(leaf);
  }

  /** A leaf hash that stands for its entry. @throws Found */
  withheld(index: number, hash: Buffer, place: { readonly line?: number } = {}): void {
    this.position(index, place, false);
    this.#append(hash);
  }

  /** @throws Found where this index cannot come next */
  position(index: number, place: { readonly line?: number }, repeated: boolean): void {
    const { next } = this;
    if (next >= this.#facts.size) {
      throw new Found(
        repeated ? 'entry-doubled' : 'entry-added',
        `there is an entry ${index} more than the ${this.#facts.size} that were signed`,
        { index, ...place },
      );
    }
    if (index > next)
      throw new Found('entry-missing', `entry ${next} is missing, ${index} stands in its place`, {
        index: next,
        ...place,
      });
    if (index < next)
      throw new Found('entry-doubled', `entry ${index} stands here once more, in place of ${next}`, {
        index,
        ...place,
      });
  }

  /** The root when all entries were there. @throws Found */
  finish(): Buffer {
    const { size } = this.#facts;
    if (this.next < size) {
      throw new Found('entry-missing', `the last entries are missing, from ${this.next} of ${size}`, {
        index: this.next,
      });
    }
    const beyond = this.#heads.ahead.at(-1);
    if (beyond) {
      throw new Found(
        'rolled-back',
        `a signed checkpoint has ${beyond.size} entries, here are only ${size}`,
        { index: size },
      );
    }
    return this.#tree.root();
  }

  #append(leaf: Buffer): void {
    this.#tree.append(leaf);
    this.#last = leaf;
    this.#comparePast();
  }

  #comparePast(): void {
    const head = this.#heads.contradicted(this.#tree);
    if (!head) return;
    const from = this.#heads.agreed;
    throw new Found(
      'root-differs',
      `the entries from ${from} to ${head.size - 1} are not all those of the checkpoint of size ${head.size}`,
      { index: from },
    );
  }
}
