/**
 * The keys of a log one after the other (rule A2). A new key is brought in by a note that the old and the new one both
 * sign (C2SP signed-note), which also stands in an entry of the log, so that whoever has any of the keys can follow to the
 * others. Its first line has blanks, which no origin has: it never passes for a checkpoint.
 *
 *     keyline key rotation 1
 *     <origin>
 *     <index of the entry that says so, decimal>
 *     <old verifier key>
 *     <new verifier key>
 *
 * A key signs checkpoints that cover its own entry and not the next one's. Notes may come from anyone.
 */
import { type Checkpoint, statedCheckpoint } from './checkpoint.ts';
import { AuditError } from './errors.ts';
import { type NoteSigner, type NoteVerifier, openNote, parseVerifierKey, signNote } from './signed-note.ts';

export interface Rotation {
  readonly origin: string;
  readonly index: number;
  readonly from: string;
  readonly to: string;
}

interface Reign {
  readonly verifierKey: string;
  readonly verifier: NoteVerifier;
  /** Index of the entry that brought it in; -1: the log's first key. */
  readonly since: number;
}

function formatRotation({ origin, index, from, to }: Rotation): string {
  return `keyline key rotation 1\n${origin}\n${index}\n${from}\n${to}\n`;
}

/** The exchange as a note by both keys. */
export function signRotation(rotation: Rotation, old: NoteSigner, next: NoteSigner): string {
  return signNote(formatRotation(rotation), old, next);
}

/** What a note says, before anybody looked at its signatures. */
function parseRotation(note: string): Rotation | undefined {
  const [, origin, digits, from, to] =
    /^keyline key rotation 1\n([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n([^\n]+)\n\n— /u.exec(note) ?? [];
  const index = Number(digits);
  if (origin === undefined || from === undefined || to === undefined || !Number.isSafeInteger(index))
    return undefined;
  return { origin, index, from, to };
}

export class KeyChain {
  readonly #reigns: readonly Reign[];
  /** Notes by the index of their entry. */
  readonly rotations: ReadonlyMap<number, string>;

  private constructor(reigns: readonly Reign[], rotations: ReadonlyMap<number, string>) {
    this.#reigns = reigns;
    this.rotations = rotations;
  }

  /**
   * @param newest the verifier key that signs today
   * @param notes the log's rotations, first one first
   * @throws AuditError `key-invalid` where they do not lead from one key to the next, up to `newest`
   */
  static of(origin: string, newest: string, notes: readonly string[] = []): KeyChain {
    const read = notes.map(note => ({ note, rotation: parseRotation(note) }));
    const reigns = [reignOf(origin, read[0]?.rotation?.from ?? newest, -1)];
    for (const { note, rotation } of read) {
      const before = reigns.at(-1)!;
      if (
        rotation?.origin !== origin ||
        rotation.from !== before.verifierKey ||
        rotation.index <= before.since
      )
        throw new AuditError('key-invalid', 'a rotation of the key does not follow the one before it');
      const next = reignOf(origin, rotation.to, rotation.index);
      const text = formatRotation(rotation);
      for (const { verifier } of [before, next]) {
        const opened = openNote(note, verifier);
        if (!opened.ok || opened.text !== text)
          throw new AuditError('key-invalid', 'a rotation of the key is not signed by both keys');
      }
      reigns.push(next);
    }
    if (reigns.at(-1)!.verifierKey !== newest)
      throw new AuditError('key-invalid', 'the rotations do not lead to the key that signs');
    return new KeyChain(reigns, new Map(reigns.slice(1).map(({ since }, at) => [since, notes[at]!])));
  }

  /** First to newest. */
  get keys(): readonly string[] {
    return this.#reigns.map(({ verifierKey }) => verifierKey);
  }

  /** The key that must have signed a checkpoint of this many entries. */
  verifierFor(size: number): NoteVerifier {
    return this.#reigns.findLast(({ since }) => since < size)!.verifier;
  }

  /** What a checkpoint says; undefined where it is none of this log, or not signed by the key that the log had then. */
  openCheckpoint(note: string): Checkpoint | undefined {
    const stated = statedCheckpoint(note);
    if (stated?.origin !== this.newest.name) return undefined;
    return openNote(note, this.verifierFor(stated.size)).ok ? stated : undefined;
  }

  /** The key that signs today. */
  get newest(): NoteVerifier {
    return this.#reigns.at(-1)!.verifier;
  }
}

function reignOf(origin: string, verifierKey: string, since: number): Reign {
  const verifier = parseVerifierKey(verifierKey);
  if (verifier?.name !== origin) throw new AuditError('key-invalid', 'this is not a key of the log');
  return { verifierKey, verifier, since };
}
