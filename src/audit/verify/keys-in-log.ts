/**
 * What the entries of a log say of its keys, held against the keys that the file says it has: a log that was begun with one
 * key and is signed with another one must say how it came to that.
 */
import { AuditError } from '../errors.ts';
import { KeyChain } from '../key-chain.ts';
import type { EntryFacts } from './scan-entry.ts';
import { Found } from './verdict.ts';

export class KeysInLog {
  #first: string | undefined;
  readonly #rotations = new Map<number, string>();

  /** Entries that are shown, in order. */
  take(entry: EntryFacts): void {
    if (entry.index === 0 && entry.type === 'log-started') this.#first = `${entry.data.verifierKey}`;
    if (entry.type === 'key-rotated') this.#rotations.set(entry.index, `${entry.data.note}`);
  }

  /**
   * @param withheld whether entries were left out, so that some of those about keys may be among them
   * @throws Found
   */
  compare(chain: KeyChain, withheld: boolean): void {
    if (this.#first !== undefined && this.#first !== chain.keys[0])
      throw new Found(
        'key-not-in-log',
        `the log was begun with the key ${this.#first}, and nothing shows how ${chain.keys.at(-1)} came after it`,
        { index: 0 },
      );
    for (const [index, note] of this.#rotations)
      if (chain.rotations.get(index) !== note)
        throw new Found('key-not-in-log', `the key was exchanged in entry ${index}, which is left out`, {
          index,
        });
    for (const index of chain.rotations.keys())
      if (!withheld && !this.#rotations.has(index))
        throw new Found('key-not-in-log', `entry ${index} does not say that the key was exchanged`, {
          index,
        });
  }
}

/** @throws Found where these are not the keys of a log of this name */
export function keyChainOf(origin: string, newest: string, rotations: readonly string[] = []): KeyChain {
  try {
    return KeyChain.of(origin, newest, rotations);
  } catch (error) {
    if (error instanceof AuditError) throw new Found('signature-wrong', error.message);
    throw error;
  }
}
