/** What the person who verifies brings along: a verifier key and checkpoints, kept where the log has not been. */
import { type Checkpoint, statedCheckpoint } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import type { KeyChain } from '../key-chain.ts';
import { type NoteVerifier, openNote, parseVerifierKey } from '../signed-note.ts';
import { Found, type Level } from './verdict.ts';

export interface Trust {
  /** C2SP verifier key. */
  readonly key?: string | undefined;
  /** Signed notes. */
  readonly checkpoints?: readonly string[] | undefined;
}

export class Trusted {
  readonly #key: string | undefined;
  readonly #notes: readonly { readonly note: string; readonly head: Checkpoint }[];

  /** @throws AuditError `key-invalid`, `checkpoint-invalid` where what was given is none */
  constructor({ key, checkpoints = [] }: Trust) {
    this.#key = key?.trim();
    if (this.#key !== undefined && !parseVerifierKey(this.#key)) {
      throw new AuditError('key-invalid', 'the given key is no verifier key');
    }
    this.#notes = checkpoints.map(note => {
      const head = statedCheckpoint(note);
      if (!head) throw new AuditError('checkpoint-invalid', 'a given checkpoint is no signed note of a log');
      return { note, head };
    });
  }

  get level(): Level {
    if (this.#notes.length > 0) return 'witnessed';
    return this.#key === undefined ? 'intact' : 'signed';
  }

  get witnessedUpTo(): number {
    return Math.max(0, ...this.#notes.map(({ head }) => head.size));
  }

  /** Heads that this log must pass through; that its key signed them is for `confirm`. @throws Found */
  headsOf(origin: string): Checkpoint[] {
    return this.#notes.map(({ head }) => {
      if (head.origin === origin) return head;
      throw new Found('witness-other-log', `a given checkpoint is of ${head.origin}, this log is ${origin}`);
    });
  }

  /** That the log's key is the given one, and signed the given checkpoints. @throws Found */
  confirm(verifierKey: string, verifier: NoteVerifier): void {
    if (this.#key !== undefined && this.#key !== verifierKey) {
      throw new Found('key-differs', `the log is signed with ${verifierKey}, not with the given key`);
    }
    for (const { note, head } of this.#notes) {
      if (openNote(note, verifier).ok) continue;
      throw new Found(
        'witness-signature-wrong',
        `a given checkpoint of size ${head.size} is not signed by this log's key`,
      );
    }
  }

  /** As `confirm`, of a log whose key was exchanged: any of its keys may be the given one. @throws Found */
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
