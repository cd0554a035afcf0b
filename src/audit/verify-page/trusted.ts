/** What the person who verifies brings along: a verifier key and checkpoints that were kept elsewhere. */
import { equal } from './bytes.ts';
import { type KeyChain, openCheckpoint } from './key-chain.ts';
import { type Checkpoint, noteText, parseCheckpoint } from './note.ts';
import { Found, type Level } from './verdict.ts';

export interface Given {
  /** As somebody typed or scanned it; empty: none. */
  readonly key: string;
  /** Signed notes. */
  readonly notes: readonly string[];
}

/** Checkpoints of this log, each signed by the key of its time. @throws Found */
export async function givenHeads({ key, notes }: Given, chain: KeyChain): Promise<readonly Checkpoint[]> {
  if (key !== '' && chain.reigns.every(({ verifier }) => verifier.text !== key))
    throw new Found('key-differs');
  const heads: Checkpoint[] = [];
  for (const note of notes) {
    const head = parseCheckpoint(noteText(note));
    if (head?.origin !== chain.newest.name) throw new Found('witness-other-log');
    if (!(await openCheckpoint(chain, note))) throw new Found('witness-signature-wrong');
    heads.push(head);
  }
  return heads.toSorted((one, other) => one.size - other.size);
}

export function levelOf({ key, notes }: Given): Level {
  if (notes.length > 0) return 'witnessed';
  return key === '' ? 'intact' : 'signed';
}

/** @throws Found where the checkpoint is not this head */
export function refuseOther(head: Checkpoint | undefined, expected: Checkpoint): void {
  if (head?.origin !== expected.origin || head.size !== expected.size) throw new Found('checkpoint-differs');
  if (!equal(head.root, expected.root)) throw new Found('root-differs');
}
