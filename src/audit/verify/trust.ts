/** What the person who verifies brings along: a verifier key and checkpoints, kept where the log has not been. */
import { type Checkpoint, statedCheckpoint } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import type { KeyChain } from '../key-chain.ts';
import { type NoteVerifier, parseVerifierKey } from '../signed-note.ts';
import { Found, type Level, type UnusedCheckpoints } from './verdict.ts';

export interface Trust {
  /** C2SP verifier key. */
  readonly key?: string | undefined;
  /** Signed notes, each of the log that is verified. */
  readonly checkpoints?: readonly string[] | undefined;
  /** Signed notes of whichever logs, as a folder of witnesses holds them: those of the log that is verified count. */
  readonly among?: readonly string[] | undefined;
}

interface Given {
  readonly note: string;
  readonly head: Checkpoint;
}

export class Trusted {
  readonly #key: string | undefined;
  readonly #given: readonly Given[];
  readonly #among: readonly Given[];
  /** What counts for this log: all that was given, and what `headsOf` found among those of a folder. */
  #notes: readonly Given[];

  /** @throws AuditError `key-invalid`, `checkpoint-invalid` where what was given is none */
  constructor({ key, checkpoints = [], among = [] }: Trust) {
    this.#key = key?.trim();
    if (this.#key !== undefined && !parseVerifierKey(this.#key)) {
      throw new AuditError('key-invalid', 'the given key is no verifier key');
    }
    this.#given = checkpoints.map(given);
    this.#among = among.map(given);
    this.#notes = this.#given;
  }

  /** The given key. */
  get verifierKey(): string | undefined {
    return this.#key;
  }

  get verifier(): NoteVerifier | undefined {
    return this.#key === undefined ? undefined : parseVerifierKey(this.#key);
  }

  get level(): Level {
    if (this.#notes.length > 0) return 'witnessed';
    return this.#key === undefined ? 'intact' : 'signed';
  }

  get witnessedUpTo(): number {
    return Math.max(0, ...this.#notes.map(({ head }) => head.size));
  }

  /**
   * Heads that this log must pass through; that its key signed them is for `confirmChain`, which comes after this.
   * @param size entries that the file covers: what a folder has of later ones says nothing of it
   * @throws Found
   */
  headsOf(origin: string, size: number): Checkpoint[] {
    const strange = this.#given.find(({ head }) => head.origin !== origin);
    if (strange)
      throw new Found(
        'witness-other-log',
        `a given checkpoint is of ${strange.head.origin}, this log is ${origin}`,
      );
    const own = this.#among.filter(({ head }) => head.origin === origin);
    if (own.length === 0 && this.#among.length > 0)
      throw new Found(
        'witness-other-log',
        `none of the ${this.#among.length} given checkpoints is of this log, ${origin}`,
      );
    this.#notes = [...this.#given, ...own.filter(({ head }) => head.size <= size)];
    return this.#notes.map(({ head }) => head);
  }

  /** What a folder had that did not count for this file. */
  unused(origin: string): { readonly unused?: UnusedCheckpoints } {
    if (this.#among.length === 0) return {};
    const own = this.#among.filter(({ head }) => head.origin === origin).length;
    const counted = this.#notes.length - this.#given.length;
    return { unused: { otherLogs: this.#among.length - own, newer: own - counted } };
  }

  /** That the given key is one of the log's, and that its keys signed the given checkpoints. @throws Found */
  confirmChain(chain: KeyChain): void {
    if (this.#key !== undefined && !chain.keys.includes(this.#key)) {
      throw new Found('key-differs', `the log is signed with ${chain.keys.at(-1)}, not with the given key`);
    }
    for (const { note, head } of this.#notes) {
      if (chain.openCheckpoint(note)) continue;
      throw new Found(
        'witness-signature-wrong',
        `a given checkpoint of size ${head.size} is not signed by the key that this log had then`,
      );
    }
  }
}

function given(note: string): Given {
  const head = statedCheckpoint(note);
  if (!head) throw new AuditError('checkpoint-invalid', 'a given checkpoint is no signed note of a log');
  return { note, head };
}

/** Of a file that shows no tree: a given head of its own size must be its head. @throws Found */
export function refuseOtherRoot(given: readonly Checkpoint[], { size, rootHash }: Checkpoint): void {
  if (given.some(other => other.size === size && !other.rootHash.equals(rootHash)))
    throw new Found('root-differs', `the log is not that of the given checkpoint of size ${size}`);
}
